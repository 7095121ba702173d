import { receipt, ReceiptAnswer } from '../http/receipt.dto.js';
import { Shown } from '../http/shown.js';
import { WireString } from '../http/wire/wire.js';

/** The user as the client wrote it: it is answered in the same spelling. */
export class SdkUserPath {
  @WireString()
  userId!: string;
}

export class UploadAnswer extends ReceiptAnswer {
  @Shown.text({ description: 'As given in the path' })
  user_id!: string;
}

export class SyncAnswer extends UploadAnswer {
  @Shown.uuid({ description: 'This upload, and its sync run' })
  batch_id!: string;

  @Shown.uuid({ description: 'For GET /api/v1/tasks/{task_id}' })
  task_id!: string;
}

/** The answer to anything a phone sent. */
export const uploadAnswer = (response: string, userId: string): UploadAnswer => receipt(202, response, userId);
