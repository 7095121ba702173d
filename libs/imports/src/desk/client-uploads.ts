import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type AppConfig } from '#libs/config';
import { badRequest, conflict, Failure, notFound } from '#libs/model';
import { OBJECT_STORAGE, objectKey, type ObjectStorage, type StoredObject, type UploadForm } from '#libs/storage';
import { ImportRepository } from '../import.repository.js';
import { IMPORT_FOLDER, ImportRequests } from './import-requests.js';
import { shownFileName, uploadKey } from './file-name.js';
import { discardFile, receiveFile, type IncomingFile } from './incoming-file.js';

const CONTENT_TYPE = 'application/xml';
const TOKEN_FIELD = 'x-upload-token';
/** Name of the "bucket" where files are kept in a directory. */
const LOCAL_BUCKET = 'local';

export interface UploadWish {
  readonly fileName: string;
  readonly expiresSeconds: number;
  readonly maxBytes: number;
}

export interface UploadOffer extends UploadForm {
  readonly key: string;
  readonly bucket: string;
}

/** Uploads that clients make by themselves with a form that we have signed: to the bucket, or to us where there is none. */
@Injectable()
export class ClientUploads {
  constructor(
    private readonly repository: ImportRepository,
    private readonly requests: ImportRequests,
    @Inject(OBJECT_STORAGE) private readonly storage: ObjectStorage,
    @Inject(CONFIG) private readonly config: AppConfig,
  ) {}

  /** @throws Failure 404 `User not found`, and what is wrong with the bucket */
  async offer(userId: string | null, { fileName, expiresSeconds, maxBytes }: UploadWish): Promise<UploadOffer> {
    if (userId === null) throw notFound('User not found');
    const { bucket } = this.storage;
    const id = randomUUID();
    const key = uploadKey(userId, id, fileName);
    const file = { id, userId, fileName: shownFileName(fileName), maxBytes, expiresSeconds };
    if (bucket === null) {
      const token = randomBytes(32).toString('base64url');
      await this.repository.expect({
        ...file,
        objectKey: objectKey(IMPORT_FOLDER, id),
        upload: { key, tokenHash: hashOf(token) },
      });
      const fields = { key, 'Content-Type': CONTENT_TYPE, [TOKEN_FIELD]: token };
      return { key, bucket: LOCAL_BUCKET, url: `${this.config.apiBaseUrl}/api/v1/uploads/${id}`, fields };
    }
    await bucket.check();
    await this.repository.expect({ ...file, objectKey: key, upload: { key, tokenHash: null } });
    const form = await bucket.form({ key, contentType: CONTENT_TYPE, maxBytes, expiresSeconds });
    return { ...form, key, bucket: bucket.name };
  }

  /**
   * Takes what a client uploads with our form; its import begins by itself. The form is of use until it has worked.
   * @throws Failure 403 form not ours, used, in use or expired, 413, 400
   */
  async receive(id: string, incoming: IncomingFile): Promise<void> {
    const maxBytes = await this.repository.claimableBytes(id);
    if (maxBytes === null) {
      discardFile(incoming);
      throw refused();
    }
    const { kept } = await receiveFile(incoming, maxBytes, async (content, fields): Promise<StoredObject> => {
      const hash = hashOf(fields.get(TOKEN_FIELD) ?? '');
      if (!(await this.repository.claim(id, hash))) throw refused();
      try {
        return await this.storage.put(IMPORT_FOLDER, content, id);
      } catch (error) {
        await this.storage.delete(objectKey(IMPORT_FOLDER, id));
        await this.repository.release(id, hash);
        throw error;
      }
    });
    try {
      await this.requests.arrived(id, { sizeBytes: kept.sizeBytes, etag: null, fileName: null });
    } catch (error) {
      // The user was deleted meanwhile, and the file's row with them.
      if (error instanceof Failure) await this.storage.delete(objectKey(IMPORT_FOLDER, id));
      throw error;
    }
  }

  /**
   * The client says that its upload to the bucket is done; answers the task's id, also when it is known already.
   * @throws Failure 404 no such upload, 409 nothing was uploaded
   */
  async complete(userId: string | null, key: string): Promise<string> {
    const upload = userId === null ? null : await this.repository.upload(userId, key);
    if (upload === null) throw notFound('Upload not found');
    if (upload.state !== 'expected') return upload.id;
    const found = await this.storage.bucket?.find(upload.object_key);
    if (!found) throw conflict('The file has not been uploaded');
    if (found.sizeBytes > upload.max_bytes)
      throw badRequest(`The file is too large: at most ${upload.max_bytes} bytes`);
    await this.repository.arrive(upload.id, { ...found, fileName: null });
    await this.requests.request(upload.id);
    return upload.id;
  }
}

const hashOf = (token: string): Buffer => createHash('sha256').update(token).digest();
const refused = (): Failure => new Failure(403, 'The upload form is not valid any more');
