import type { Readable } from 'node:stream';
import { Inject, Injectable } from '@nestjs/common';
import { Database, type UserRef } from '#libs/database';
import { notFound, seriesTypeById } from '#libs/model';
import { OBJECT_STORAGE, type ObjectStorage } from '#libs/storage';
import { USER_TABLES, type UserTable } from '../users/user-tables.js';
import { exportedTable } from './exported-table.js';
import { EXPORT_README } from './readme.js';
import { namesOfBytes, objectsOf, rawBytes } from './raw-bytes.js';
import { tableRows } from './table-rows.js';
import { zipStream, type ZipEntry } from './zip-stream.js';

/** Everything held about a user, for the user to take along. */
@Injectable()
export class UserExport {
  constructor(
    private readonly db: Database,
    @Inject(OBJECT_STORAGE) private readonly storage: ObjectStorage,
  ) {}

  /**
   * A ZIP with a file of JSON lines per table. It is made while it is read, so it may be of any size; what is written
   * meanwhile may be in it or not.
   * @throws Failure 404
   */
  async open(userId: string, madeAt: Date, tables: readonly UserTable[] = USER_TABLES): Promise<Readable> {
    const [user] = await this.db.query<{ id: string; key: number }>('SELECT id, key FROM users WHERE id = $1', [
      userId,
    ]);
    if (!user) throw notFound(`User with ID: ${userId} not found.`);
    return zipStream(this.entries(user, tables), madeAt);
  }

  private async *entries(user: UserRef, tables: readonly UserTable[]): AsyncGenerator<ZipEntry> {
    yield { name: 'README.txt', content: () => chunks([EXPORT_README]) };
    yield { name: 'profile.json', content: () => this.profile(user) };
    for (const table of tables) {
      const { exportAs } = table;
      if (exportAs === undefined) continue;
      yield { name: `${exportAs}.ndjson`, content: () => this.lines(table, user) };
      for (const name of await namesOfBytes(this.db, table, user)) {
        yield { name: `${exportAs}/${name}`, content: () => rawBytes(this.db, table, name) };
      }
      for (const key of await objectsOf(this.db, table, user)) {
        const object = await this.storage.get(key);
        if (object) yield { name: `${exportAs}/${key}`, content: () => object };
      }
    }
  }

  private async *profile({ id }: UserRef): AsyncGenerator<string> {
    const [row] = await this.db.query<{ profile: object }>(
      `SELECT to_jsonb(u) - 'key' AS profile FROM users u WHERE id = $1`,
      [id],
    );
    yield `${JSON.stringify(row?.profile ?? null, null, 2)}\n`;
  }

  private async *lines(table: UserTable, user: UserRef): AsyncGenerator<string> {
    const exported = await exportedTable(this.db, table);
    for await (const page of tableRows(this.db, exported, user)) {
      const lines = table.table === 'stream' ? page.map(withSeriesCode) : page;
      yield `${lines.join('\n')}\n`;
    }
  }
}

async function* chunks(texts: readonly string[]): AsyncGenerator<string> {
  yield* texts;
}

/** The one number of the database that nobody outside could read. */
function withSeriesCode(line: string): string {
  const stream = JSON.parse(line) as { series_type: number };
  const series = seriesTypeById(stream.series_type);
  return JSON.stringify({ ...stream, series_type: series?.code ?? stream.series_type, unit: series?.unit ?? null });
}
