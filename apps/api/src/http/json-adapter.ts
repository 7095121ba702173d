import { ExpressAdapter } from '@nestjs/platform-express';
import type { Response } from 'express';

/** Express, but a handler that answers null says so: JSON `null` instead of an empty body. */
export class JsonAdapter extends ExpressAdapter {
  override reply(response: Response, body: unknown, statusCode?: number): unknown {
    if (body !== null) return super.reply(response, body, statusCode) as unknown;
    if (statusCode !== undefined) response.status(statusCode);
    return response.json(null);
  }
}
