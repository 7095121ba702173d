import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type AppConfig } from '#libs/config';
import { conflict, notFound } from '#libs/model';
import { logger } from '#libs/observability';
import { OBJECT_STORAGE, objectKey, type ObjectStorage } from '#libs/storage';
import { ImportRepository } from '../import.repository.js';
import { IMPORT_FOLDER, ImportRequests } from './import-requests.js';
import { shownFileName } from './file-name.js';
import { discardFile, receiveFile, type IncomingFile } from './incoming-file.js';

/** An upload that takes longer is taken for dead. */
const UPLOAD_SECONDS = 24 * 3600;

/** Where files to import come in with a request. */
@Injectable()
export class ImportDesk {
  constructor(
    private readonly repository: ImportRepository,
    private readonly requests: ImportRequests,
    @Inject(OBJECT_STORAGE) private readonly storage: ObjectStorage,
    @Inject(CONFIG) private readonly config: AppConfig,
  ) {}

  /**
   * Stores the file of a request and asks for its import; answers the task's id. Null user: the path named nobody.
   * @throws Failure 404 `User not found`, 413 too large, 400 no file or neither XML nor ZIP
   */
  async receive(userId: string | null, incoming: IncomingFile): Promise<string> {
    const id = randomUUID();
    const { maxImportBytes: maxBytes } = this.config;
    const key = objectKey(IMPORT_FOLDER, id);
    await this.expect(userId, incoming, { id, objectKey: key, maxBytes });
    try {
      const { fileName, kept } = await receiveFile(incoming, maxBytes, (content) =>
        this.storage.put(IMPORT_FOLDER, content, id),
      );
      await this.requests.arrived(id, { sizeBytes: kept.sizeBytes, etag: null, fileName: shownFileName(fileName) });
      return id;
    } catch (error) {
      await this.discard(id, key);
      throw error;
    }
  }

  /** What cannot be deleted now is left to the sweep. */
  private async discard(id: string, key: string): Promise<void> {
    try {
      await this.storage.delete(key);
      await this.repository.forget(id);
    } catch (error) {
      logger().warn({ err: error, import_id: id }, 'upload_stays');
    }
  }

  /** Stops a waiting or running import after its current part. @throws Failure 404 `Task not found`, 409 it is over */
  async cancel(userId: string | null, taskId: string): Promise<void> {
    const state = userId === null ? null : await this.repository.cancel(userId, taskId);
    if (state === null || state === 'expected') throw notFound('Task not found');
    if (state !== 'pending') throw conflict('The import is over');
  }

  /** The object has a row before it exists, so that an interrupted upload leaves nothing that nobody knows of. */
  private async expect(
    userId: string | null,
    incoming: IncomingFile,
    file: { id: string; objectKey: string; maxBytes: number },
  ): Promise<void> {
    try {
      if (userId === null) throw notFound('User not found');
      const fileName = shownFileName(undefined);
      await this.repository.expect({ ...file, userId, fileName, expiresSeconds: UPLOAD_SECONDS });
    } catch (error) {
      discardFile(incoming);
      throw error;
    }
  }
}
