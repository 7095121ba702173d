import { Shown } from '../http/shown.js';

export class LiveAnswer {
  @Shown.oneOf(['ok'])
  status!: string;
}

/** The form of Nest's health checks: parts that work under `info`, others under `error`, all under `details`. */
export class ReadyAnswer {
  @Shown.oneOf(['ok', 'error', 'shutting_down'])
  status!: string;

  @Shown.json({ optional: true, description: 'Parts that work, each with its status' })
  info?: object;

  @Shown.json({ optional: true, description: 'Parts that do not work, each with its status' })
  error?: object;

  @Shown.json({ description: 'All parts, each with its status' })
  details!: object;
}
