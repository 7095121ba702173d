import type { Response } from 'express';

const HEADERS = {
  'Content-Type': 'text/event-stream; charset=utf-8',
  'Cache-Control': 'no-cache, no-transform',
  'X-Accel-Buffering': 'no',
  Connection: 'keep-alive',
};

/** An answer that never ends by itself: server-sent events. Every write tells whether there is room for more. */
export class EventStream {
  constructor(private readonly response: Response) {}

  open(): void {
    // What a vanished client leaves behind shows as `close`, too.
    this.response.on('error', () => undefined);
    this.response.writeHead(200, HEADERS);
    // Alone, so that the text of the headers is made whole; joined to a body, its ninety pieces stay with the stream.
    this.response.flushHeaders();
    this.comment('connected');
  }

  /** What `eventText` made. */
  send(text: string): boolean {
    return !this.response.writable || this.response.write(text);
  }

  comment(text: string): boolean {
    return this.send(`: ${text}\n\n`);
  }

  end(): void {
    this.response.end();
  }

  cut(): void {
    this.response.destroy();
  }
}

/** One event on the wire. */
export const eventText = (id: string, name: string, data: object): string =>
  `id: ${id}\nevent: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
