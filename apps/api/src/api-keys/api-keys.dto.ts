import { SCOPES, type ApiKeyFields, type ApiKeyRecord, type ApiKeyWithSecret, type Scope } from '#libs/identity';
import { dateFromInstant, type Instant } from '#libs/model';
import { OptionalBody } from '../http/wire/optional-body.js';
import { Shown } from '../http/shown.js';
import { oneOf } from '../http/wire/scalar.kinds.js';
import { WireList, WireString, WireTimestamp } from '../http/wire/wire.js';

export class ApiKeyAnswer {
  @Shown.text({ description: 'The key itself where it is created or rotated, else `key_id`' })
  id!: string;

  @Shown.uuid()
  key_id!: string;

  @Shown.text({ description: 'First characters of the key' })
  key_prefix!: string;

  @Shown.text()
  name!: string;

  @Shown.listOf('string', { description: 'What the key may do; `admin` includes all others' })
  scopes!: string[];

  @Shown.text({ nullable: true, description: 'Developer who made it' })
  created_by!: string | null;

  @Shown.timestamp()
  created_at!: string;

  @Shown.timestamp({ nullable: true, description: 'To the minute' })
  last_used_at!: string | null;

  @Shown.timestamp({ nullable: true, description: 'Null: it does not expire' })
  expires_at!: string | null;
}

export function apiKeyAnswer(record: ApiKeyRecord | ApiKeyWithSecret): ApiKeyAnswer {
  return {
    id: 'key' in record ? record.key : record.id,
    key_id: record.id,
    key_prefix: record.prefix,
    name: record.name,
    scopes: [...record.scopes],
    created_by: record.createdBy,
    created_at: record.createdAt,
    last_used_at: record.lastUsedAt,
    expires_at: record.expiresAt,
  };
}

/** `/developer/api-keys/{key_id}`: the id of a key or the key itself. */
export class ApiKeyPath {
  @WireString({ description: 'The id of a key, or the key itself' })
  keyId!: string;
}

const MAYBE = { optional: true, nullable: true } as const;

/** On create: null or absent is `Default`, all scopes but `admin`, no expiry. On a change: absent keeps. */
@OptionalBody()
export class ApiKeyBody {
  @WireString({ ...MAYBE, max: 200 })
  name?: string | null;

  @WireList(oneOf(SCOPES), { ...MAYBE, max: SCOPES.length })
  scopes?: Scope[] | null;

  @WireTimestamp({ ...MAYBE, description: 'Null: it does not expire' })
  expiresAt?: Instant | null;
}

export function apiKeyFields({ name, scopes, expiresAt }: ApiKeyBody): ApiKeyFields {
  return { name, scopes, expiresAt: typeof expiresAt === 'number' ? dateFromInstant(expiresAt) : expiresAt };
}
