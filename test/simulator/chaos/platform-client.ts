import { setTimeout as pause } from 'node:timers/promises';

const STEP_MS = 250;

/** The platform's API, as the chaos uses it. */
export class PlatformClient {
  constructor(
    readonly url: string,
    private readonly apiKey: string,
  ) {}

  /** @throws Error for anything but a 2xx */
  async request<T>(method: string, path: string, body?: object): Promise<T> {
    const answer = await fetch(`${this.url}/api/v1${path}`, {
      method,
      headers: { 'X-API-Key': this.apiKey, 'Content-Type': 'application/json' },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as T;
  }

  /** The state in which a task ends. */
  async ended(taskId: string): Promise<string> {
    for (;;) {
      const { state } = await this.request<{ state: string }>('GET', `/tasks/${taskId}`);
      if (state !== 'queued' && state !== 'running') return state;
      await pause(STEP_MS);
    }
  }

  /** Everything of one kind of event that began in the span, each as `start/end`, in order. */
  async events(userId: string, kind: 'sleep' | 'workouts', fromMs: number, toMs: number): Promise<string[]> {
    const range = `start_date=${new Date(fromMs).toISOString()}&end_date=${new Date(toMs).toISOString()}&limit=1000`;
    const path = `/users/${userId}/events/${kind}?${range}`;
    const { data } = await this.request<{ data: { start_time: string; end_time: string }[] }>('GET', path);
    return data.map(({ start_time, end_time }) => `${start_time}/${end_time}`).sort();
  }
}
