import { randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  PutObjectCommand,
  S3Client,
  type S3ClientConfig,
} from '@aws-sdk/client-s3';
import { createPresignedPost } from '@aws-sdk/s3-presigned-post';
import { Failure } from '#libs/model';
import {
  objectKey,
  type ClientBucket,
  type LocalCopy,
  type ObjectStorage,
  type StoredObject,
  type UploadForm,
  type UploadTerms,
} from './object-storage.js';

export interface S3Settings {
  readonly bucketName: string;
  readonly region: string;
  /** Of an S3-compatible server; null = Amazon. */
  readonly endpoint: string | null;
  /** Null = what the machine offers: role, profile, environment. */
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string } | null;
  /** Where files wait on their way in and out. */
  readonly scratchDirectory: string;
}

/** Nothing takes that long. */
const FORGOTTEN_MS = 2 * 24 * 3600 * 1000;

/** Objects in an S3 bucket. Files pass through a local directory, because neither side must hold them in memory. */
export class S3Storage implements ObjectStorage, ClientBucket {
  readonly bucket = this;
  readonly name: string;
  private readonly client: S3Client;

  constructor(private readonly settings: S3Settings) {
    const { region, endpoint, credentials } = settings;
    this.name = settings.bucketName;
    const config: S3ClientConfig = {
      region,
      // Compatible servers do not all know the newer checksums.
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
      ...(endpoint === null ? {} : { endpoint, forcePathStyle: true }),
      ...(credentials === null ? {} : { credentials }),
    };
    this.client = new S3Client(config);
  }

  async put(folder: string, content: Readable, id: string = randomUUID()): Promise<StoredObject> {
    const key = objectKey(folder, id);
    const path = await this.scratchFile();
    try {
      await pipeline(content, createWriteStream(path, { mode: 0o600, flags: 'wx' }));
      const { size } = await stat(path);
      await this.client.send(
        new PutObjectCommand({ Bucket: this.name, Key: key, Body: createReadStream(path), ContentLength: size }),
      );
      return { key, sizeBytes: size };
    } finally {
      await rm(path, { force: true });
    }
  }

  async get(key: string): Promise<Readable | null> {
    try {
      const { Body } = await this.client.send(new GetObjectCommand({ Bucket: this.name, Key: key }));
      return Body as Readable;
    } catch (error) {
      if (statusOf(error) === 404) return null;
      throw error;
    }
  }

  async copy(key: string): Promise<LocalCopy | null> {
    const content = await this.get(key);
    if (content === null) return null;
    const path = await this.scratchFile();
    const release = (): Promise<void> => rm(path, { force: true });
    try {
      await pipeline(content, createWriteStream(path, { mode: 0o600, flags: 'wx' }));
      const { size } = await stat(path);
      return { path, sizeBytes: size, release };
    } catch (error) {
      await release();
      throw error;
    }
  }

  async delete(key: string): Promise<boolean> {
    const present = await this.find(key);
    await this.client.send(new DeleteObjectCommand({ Bucket: this.name, Key: key }));
    return present !== null;
  }

  async isHealthy(): Promise<boolean> {
    try {
      await this.check();
      return true;
    } catch {
      return false;
    }
  }

  async check(): Promise<void> {
    try {
      await this.client.send(new HeadBucketCommand({ Bucket: this.name }));
    } catch (error) {
      throw bucketFailure(error);
    }
  }

  async form({ key, contentType, maxBytes, expiresSeconds }: UploadTerms): Promise<UploadForm> {
    try {
      return await createPresignedPost(this.client, {
        Bucket: this.name,
        Key: key,
        Fields: { 'Content-Type': contentType },
        Conditions: [['content-length-range', 1, maxBytes]],
        Expires: expiresSeconds,
      });
    } catch (cause) {
      throw new Failure(500, `Failed to generate presigned URL: ${(cause as Error).name}`, { cause });
    }
  }

  async find(key: string): Promise<{ sizeBytes: number; etag: string } | null> {
    try {
      const head = await this.client.send(new HeadObjectCommand({ Bucket: this.name, Key: key }));
      return { sizeBytes: head.ContentLength ?? 0, etag: (head.ETag ?? '').replaceAll('"', '') };
    } catch (error) {
      if (statusOf(error) === 404) return null;
      throw error;
    }
  }

  private async scratchFile(): Promise<string> {
    const { scratchDirectory } = this.settings;
    await mkdir(scratchDirectory, { recursive: true, mode: 0o700 });
    await removeForgotten(scratchDirectory, Date.now());
    return join(scratchDirectory, randomUUID());
  }
}

/** Whoever is killed leaves its files behind. */
async function removeForgotten(directory: string, now: number): Promise<void> {
  for (const name of await readdir(directory)) {
    const path = join(directory, name);
    const found = await stat(path).catch(() => null);
    if (found && found.mtimeMs < now - FORGOTTEN_MS) await rm(path, { force: true });
  }
}

const statusOf = (error: unknown): number | undefined =>
  (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;

function bucketFailure(cause: unknown): Failure {
  const status = statusOf(cause);
  if (status === 404) return new Failure(404, 'S3 bucket not found', { cause });
  if (status === 403) return new Failure(403, 'Access denied to S3 bucket', { cause });
  return new Failure(400, `S3 bucket error: ${status ?? (cause as { name?: string }).name ?? 'unreachable'}`, {
    cause,
  });
}
