import type { Sql, UserRef } from '#libs/database';
import { inferDeviceType, type ProviderCode, type SourceIdentity } from '#libs/model';
import { storableText } from './storable-text.js';

const MOST_NAME = 100;
const MOST_VERSION = 50;

interface Source {
  readonly source: string | null;
  readonly deviceModel: string | null;
  deviceType: string | null;
  softwareVersion: string | null;
  originalSourceName: string | null;
}

/**
 * Finds or makes the data sources of a batch in one statement and returns their ids in the batch's order. Empty text
 * is no text. Facts that a source lacked are filled in; the software version delivered last is kept.
 */
export async function resolveSources(
  sql: Sql,
  user: UserRef,
  provider: ProviderCode,
  identities: readonly SourceIdentity[],
): Promise<string[]> {
  if (identities.length === 0) return [];
  const distinct = new Map<string, Source>();
  const keys = identities.map((identity) => collect(distinct, identity));
  const sources = [...distinct.values()];
  const rows = await sql.query<{ place: number; id: string }>(RESOLVE, [
    user.key,
    user.id,
    provider,
    sources.map((source) => source.source),
    sources.map((source) => source.deviceModel),
    sources.map((source) => source.deviceType),
    sources.map((source) => source.softwareVersion),
    sources.map((source) => source.originalSourceName),
  ]);
  const order = [...distinct.keys()];
  const idByKey = new Map(rows.map((row) => [order[row.place - 1]!, row.id]));
  return keys.map((key) => idByKey.get(key)!);
}

/** Puts an identity among the distinct ones, where later facts complete earlier ones; returns its key. */
function collect(distinct: Map<string, Source>, identity: SourceIdentity): string {
  const source = storableText(identity.source, MOST_NAME);
  const deviceModel = storableText(identity.deviceModel, MOST_NAME);
  const originalSourceName = storableText(identity.originalSourceName, MOST_NAME);
  const key = JSON.stringify([source, deviceModel]);
  const known = distinct.get(key);
  const facts = {
    deviceType: deviceTypeOf(identity, deviceModel, source ?? originalSourceName),
    softwareVersion: storableText(identity.softwareVersion, MOST_VERSION),
    originalSourceName,
  };
  distinct.set(key, {
    source,
    deviceModel,
    deviceType: known?.deviceType ?? facts.deviceType,
    softwareVersion: facts.softwareVersion ?? known?.softwareVersion ?? null,
    originalSourceName: known?.originalSourceName ?? facts.originalSourceName,
  });
  return key;
}

function deviceTypeOf(identity: SourceIdentity, model: string | null, name: string | null): string | null {
  const declared = identity.deviceType;
  const type = declared === null || declared === 'unknown' ? inferDeviceType(model, name) : declared;
  return type === 'unknown' ? null : type;
}

const RESOLVE = `
  WITH given AS (
    SELECT g.*, c.id AS connection_id
    FROM unnest($4::text[], $5::text[], $6::text[], $7::text[], $8::text[]) WITH ORDINALITY
      AS g (source, device_model, device_type, software_version, original_source_name, place)
    LEFT JOIN connection c ON c.user_id = $2 AND c.provider = $3
  ), present AS (
    SELECT g.place, d.id
    FROM given g JOIN data_source d ON d.user_key = $1 AND d.provider = $3
      AND d.device_model IS NOT DISTINCT FROM g.device_model AND d.source IS NOT DISTINCT FROM g.source
  ), completed AS (
    UPDATE data_source d
    SET device_type = coalesce(d.device_type, g.device_type),
      software_version = coalesce(g.software_version, d.software_version),
      original_source_name = coalesce(d.original_source_name, g.original_source_name),
      connection_id = coalesce(d.connection_id, g.connection_id)
    FROM present p JOIN given g USING (place)
    WHERE d.id = p.id
      AND (d.device_type, d.software_version, d.original_source_name, d.connection_id) IS DISTINCT FROM
        (coalesce(d.device_type, g.device_type), coalesce(g.software_version, d.software_version),
          coalesce(d.original_source_name, g.original_source_name), coalesce(d.connection_id, g.connection_id))
  ), made AS (
    INSERT INTO data_source (id, user_key, provider, source, device_model, device_type, software_version,
      original_source_name, connection_id)
    SELECT gen_random_uuid(), $1, $3, source, device_model, device_type, software_version, original_source_name,
      connection_id
    FROM given g WHERE NOT EXISTS (SELECT FROM present p WHERE p.place = g.place)
    -- Changes nothing, but returns the source that somebody else has just made.
    ON CONFLICT (user_key, provider, device_model, source) DO UPDATE SET provider = excluded.provider
    RETURNING id, source, device_model
  )
  SELECT place::integer, id FROM present
  UNION ALL
  SELECT g.place::integer, m.id
  FROM made m JOIN given g ON g.source IS NOT DISTINCT FROM m.source
    AND g.device_model IS NOT DISTINCT FROM m.device_model`;
