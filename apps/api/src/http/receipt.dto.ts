import { Shown } from './shown.js';

/** What was taken in. The counts are always 0: what was stored is told by the task. */
export class ReceiptAnswer {
  @Shown.int({ example: 202 })
  status_code!: number;

  @Shown.text()
  response!: string;

  @Shown.int()
  dropped_count!: number;

  @Shown.int()
  records_saved!: number;

  @Shown.int()
  workouts_saved!: number;

  @Shown.int()
  sleep_saved!: number;
}

/** `status`: the one inside the body. */
export const receipt = <UserId extends string | null>(status: number, response: string, userId: UserId) => ({
  status_code: status,
  response,
  user_id: userId,
  dropped_count: 0,
  records_saved: 0,
  workouts_saved: 0,
  sleep_saved: 0,
});
