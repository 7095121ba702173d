import { get, type IncomingMessage } from 'node:http';

export interface StreamedEvent {
  readonly id: string;
  readonly event: string;
  readonly data: Record<string, unknown>;
}

/** A client of server-sent events. */
export class EventReader {
  readonly comments: string[] = [];
  private readonly events: StreamedEvent[] = [];
  private text = '';
  private wake: () => void = () => undefined;

  private constructor(private readonly response: IncomingMessage) {
    response.setEncoding('utf8');
    response.on('error', () => undefined);
    response.on('data', (text: string) => this.read(text));
  }

  /** Resolves with the head of the answer, which must be 200. */
  static open(url: string, headers: Record<string, string>): Promise<EventReader> {
    return new Promise((resolve, reject) => {
      const request = get(url, { headers, agent: false }, (response) => {
        if (response.statusCode === 200) resolve(new EventReader(response));
        else reject(new Error(`${url} answered ${response.statusCode}`));
      });
      request.once('error', reject);
    });
  }

  get headers(): IncomingMessage['headers'] {
    return this.response.headers;
  }

  /** The next events, as soon as there are that many. */
  async next(count: number): Promise<StreamedEvent[]> {
    while (this.events.length < count) await new Promise<void>((resolve) => (this.wake = resolve));
    return this.events.splice(0, count);
  }

  /** Resolves when the server has ended the stream. */
  ended(): Promise<void> {
    return new Promise((resolve) => {
      if (this.response.closed || this.response.complete) resolve();
      else this.response.once('close', () => resolve());
    });
  }

  close(): void {
    this.response.destroy();
  }

  private read(text: string): void {
    this.text += text;
    for (let end = this.text.indexOf('\n\n'); end >= 0; end = this.text.indexOf('\n\n')) {
      this.frame(this.text.slice(0, end));
      this.text = this.text.slice(end + 2);
    }
    this.wake();
  }

  private frame(text: string): void {
    if (text.startsWith(': ')) {
      this.comments.push(text.slice(2));
      return;
    }
    const fields = Object.fromEntries(text.split('\n').map((line) => line.split(/: (.*)/s) as [string, string]));
    this.events.push({
      id: fields['id']!,
      event: fields['event']!,
      data: JSON.parse(fields['data']!) as Record<string, unknown>,
    });
  }
}
