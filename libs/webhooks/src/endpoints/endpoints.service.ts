import { Injectable } from '@nestjs/common';
import { Database, type Sql } from '#libs/database';
import { badRequest, conflict, notFound, type Failure } from '#libs/model';
import { OutboundClient, OutboundError } from '#libs/outbound';
import { giveUpPending } from '../delivery/disable.js';
import type { EndpointChanges, EndpointStats, EndpointView, NewEndpoint, Owner } from './endpoint.js';
import { EndpointsRepository } from './endpoints.repository.js';
import { EndpointSecrets } from './secrets.js';

const MOST_ENDPOINTS = 1000;

/** What developers do with their endpoints. */
@Injectable()
export class Endpoints {
  constructor(
    private readonly db: Database,
    private readonly endpoints: EndpointsRepository,
    private readonly secrets: EndpointSecrets,
    private readonly outbound: OutboundClient,
  ) {}

  /** @throws Failure 400 when the address is one we do not talk to, 409 when there are too many */
  async create(owner: Owner, endpoint: NewEndpoint): Promise<EndpointView> {
    await this.checkAddress(endpoint.url);
    return this.db.transaction(async (sql) => {
      if ((await this.endpoints.count(sql, owner)) >= MOST_ENDPOINTS) {
        throw conflict(`More than ${MOST_ENDPOINTS} endpoints are not possible`);
      }
      const made = await this.endpoints.insert(sql, owner, endpoint);
      await this.secrets.add(sql, made.id);
      return made;
    });
  }

  list(owner: Owner): Promise<EndpointView[]> {
    return this.endpoints.list(owner);
  }

  /** @throws Failure 404 */
  async get(owner: Owner, id: string): Promise<EndpointView> {
    return found(await this.endpoints.find(owner, id));
  }

  /** A disabled endpoint gets nothing more at once, what waits for it included. @throws Failure 400, 404 */
  async update(owner: Owner, id: string, changes: EndpointChanges): Promise<EndpointView> {
    if (changes.url !== undefined) await this.checkAddress(changes.url);
    return this.db.transaction(async (sql) => {
      const endpoint = found(await this.endpoints.update(sql, owner, id, changes));
      if (endpoint.disabled) await giveUpPending(sql, [id]);
      return endpoint;
    });
  }

  /** @throws Failure 404 */
  delete(owner: Owner, id: string): Promise<void> {
    return this.db.transaction(async (sql) => {
      if (!(await this.endpoints.delete(sql, owner, id))) throw unknownEndpoint();
      await giveUpPending(sql, [id]);
    });
  }

  /** @throws Failure 404 */
  async stats(owner: Owner, id: string): Promise<EndpointStats> {
    return found(await this.endpoints.stats(owner, id));
  }

  /** @throws Failure 404 */
  async secret(owner: Owner, id: string): Promise<string> {
    await this.get(owner, id);
    return this.secrets.current(this.db, id);
  }

  /** Answers the new secret, made up unless given. @throws Failure 404 */
  rotateSecret(owner: Owner, id: string, secret?: string): Promise<string> {
    return this.db.transaction(async (sql) => {
      // The row's lock lets rotations of one endpoint take turns.
      found(await this.endpoints.update(sql, owner, id, {}));
      return this.secrets.rotate(sql, id, secret);
    });
  }

  /** What a name resolves to is checked again at every connection. */
  private async checkAddress(url: string): Promise<void> {
    try {
      await this.outbound.check(url);
    } catch (error) {
      if (!(error instanceof OutboundError)) throw error;
      throw badRequest(
        error.reason === 'insecure'
          ? 'url: https is required, without credentials in the address'
          : 'url: the address or port is not reachable from here',
      );
    }
  }
}

export const unknownEndpoint = (): Failure => notFound('Endpoint not found');

function found<T>(endpoint: T | null): T {
  if (endpoint === null) throw unknownEndpoint();
  return endpoint;
}

/** Owner of endpoints made with an API key: the developer who made the key. */
export async function ownerOfApiKey(sql: Sql, apiKeyId: string): Promise<Owner> {
  const [row] = await sql.query<{ created_by: string | null }>('SELECT created_by FROM api_key WHERE id = $1', [
    apiKeyId,
  ]);
  return row?.created_by ?? null;
}
