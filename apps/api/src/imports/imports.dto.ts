import type { UploadOffer, UploadWish } from '#libs/imports';
import { ReceiptAnswer } from '../http/receipt.dto.js';
import { Shown } from '../http/shown.js';
import { WireInt, WireString } from '../http/wire/wire.js';

const MOST_BYTES = 1_073_741_824;

/** The user as the client wrote it: it is answered in the same spelling. */
export class ImportUserPath {
  @WireString()
  userId!: string;
}

export class ImportTaskPath extends ImportUserPath {
  @WireString()
  taskId!: string;
}

export class UploadPath {
  @WireString()
  uploadId!: string;
}

export class ImportAnswer {
  @Shown.text({ example: 'processing' })
  status!: string;

  @Shown.uuid({ description: 'For GET /api/v1/tasks/{task_id}' })
  task_id!: string;

  @Shown.text({ description: 'As given in the path' })
  user_id!: string;
}

export class PresignedUploadBody {
  @WireString({ max: 200, default: '', description: 'Name of the file, as far as it is usable in a key' })
  filename!: string;

  @WireInt({ min: 60, max: 3600, default: 300 })
  expirationSeconds!: number;

  @WireInt({ min: 1024, max: MOST_BYTES, default: 52_428_800, description: 'Bytes' })
  maxFileSize!: number;
}

export class PresignedUploadAnswer {
  @Shown.text({ description: 'Where the form is posted to' })
  upload_url!: string;

  @Shown.mapOf('string', { description: 'Fields to send first; the part `file` comes last' })
  form_fields!: Record<string, string>;

  @Shown.text()
  file_key!: string;

  @Shown.int({ description: 'Seconds' })
  expires_in!: number;

  @Shown.int({ description: 'Bytes' })
  max_file_size!: number;

  @Shown.text({ description: '`local` where files are kept in a directory' })
  bucket!: string;
}

export class CompletedUploadBody {
  @WireString({ max: 1024, description: 'As answered with the form' })
  fileKey!: string;
}

export class SnsAnswerShown extends ReceiptAnswer {
  @Shown.text({ nullable: true })
  user_id!: string | null;
}

export const importAnswer = (status: string, userId: string, taskId: string): ImportAnswer => ({
  status,
  task_id: taskId,
  user_id: userId,
});

export const uploadWish = ({ filename, expirationSeconds, maxFileSize }: PresignedUploadBody): UploadWish => ({
  fileName: filename,
  expiresSeconds: expirationSeconds,
  maxBytes: maxFileSize,
});

export const presignedUpload = (offer: UploadOffer, wish: PresignedUploadBody): PresignedUploadAnswer => ({
  upload_url: offer.url,
  form_fields: { ...offer.fields },
  file_key: offer.key,
  expires_in: wish.expirationSeconds,
  max_file_size: wish.maxFileSize,
  bucket: offer.bucket,
});
