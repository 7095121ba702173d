import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DataSource } from 'typeorm';
import { ENTITIES } from '../../../libs/database/src/entities/entities.js';
import { openTestDatabase, type TestDatabase } from '../../support/database.js';

interface Column {
  table_name: string;
  column_name: string;
  udt_name: string;
  is_nullable: string;
  character_maximum_length: number | null;
  datetime_precision: number | null;
}

/** PostgreSQL's own names of the types the entities use. */
const UDT_NAMES: Record<string, string> = {
  integer: 'int4',
  smallint: 'int2',
  'double precision': 'float8',
};

describe('entities', () => {
  let database: TestDatabase;
  let entities: DataSource;

  beforeAll(async () => {
    database = await openTestDatabase();
    entities = await new DataSource({ type: 'postgres', url: database.url, entities: ENTITIES }).initialize();
  });

  afterAll(async () => {
    await entities.destroy();
    await database.close();
  });

  it('describe exactly the columns that the migrations made', async () => {
    const tables = entities.entityMetadatas.map(({ tableName }) => tableName);
    const columns = await database.db.query<Column>(
      `SELECT table_name, column_name, udt_name, is_nullable, character_maximum_length, datetime_precision
       FROM information_schema.columns WHERE table_schema = 'public' AND table_name = ANY($1)`,
      [tables],
    );
    const described = entities.entityMetadatas.flatMap((entity) =>
      entity.columns.map((column) => {
        const type = String(column.type);
        return line({
          table_name: entity.tableName,
          column_name: column.databaseName,
          udt_name: `${column.isArray ? '_' : ''}${UDT_NAMES[type] ?? type}`,
          is_nullable: column.isNullable ? 'YES' : 'NO',
          character_maximum_length: column.length ? Number(column.length) : null,
          datetime_precision: column.precision ?? null,
        });
      }),
    );
    expect(described.sort()).toEqual(columns.map(line).sort());
  });

  it('name the primary and foreign keys of the tables', async () => {
    const keys = await database.db.query<{ key: string }>(
      `SELECT conrelid::regclass || ' ' || contype::text || ' ' || (
         SELECT string_agg(attname, ',' ORDER BY attname) FROM pg_attribute
         WHERE attrelid = conrelid AND attnum = ANY(conkey)
       ) AS key
       FROM pg_constraint WHERE contype IN ('p', 'f') AND conrelid::regclass::text = ANY($1)`,
      [entities.entityMetadatas.map(({ tableName }) => tableName)],
    );
    const described = entities.entityMetadatas.flatMap((entity) => [
      `${entity.tableName} p ${names(entity.primaryColumns)}`,
      ...entity.foreignKeys.map((key) => `${entity.tableName} f ${names(key.columns)}`),
    ]);
    expect(described.sort()).toEqual(keys.map(({ key }) => key).sort());
  });

  it('can be read back through their relations', async () => {
    const users = await entities.getRepository('User').find({ relations: { connections: true } });
    expect(users).toEqual([]);
  });
});

const names = (columns: readonly { databaseName: string }[]): string =>
  columns
    .map(({ databaseName }) => databaseName)
    .sort()
    .join(',');

const line = (column: Column): string =>
  [
    column.table_name,
    column.column_name,
    column.udt_name,
    column.is_nullable,
    column.udt_name === 'varchar' ? column.character_maximum_length : '',
    column.udt_name === 'timestamptz' ? column.datetime_precision : '',
  ].join(' ');
