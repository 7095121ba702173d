import { setTimeout as pause } from 'node:timers/promises';

const STEP_MS = 250;

/** Who the chaos is to the platform, for `bootstrapIdentity`. */
export const ACCESS = {
  adminEmail: 'chaos@example.com',
  adminPassword: 'a password of the chaos',
  bootstrapApiKey: 'an-api-key-of-the-chaos',
};

/** The platform's API, as the chaos uses it. */
export class PlatformClient {
  constructor(readonly url: string) {}

  /** @throws Error for anything but a 2xx */
  async request<T>(method: string, path: string, body?: object): Promise<T> {
    const answer = await fetch(`${this.url}/api/v1${path}`, {
      method,
      headers: { 'X-API-Key': ACCESS.bootstrapApiKey, 'Content-Type': 'application/json' },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as T;
  }

  /** Where the provider's deliveries go, asked for by a developer. @throws Error for anything but a 2xx */
  async subscribe(provider: string): Promise<void> {
    const { adminEmail: username, adminPassword: password } = ACCESS;
    const login = await fetch(`${this.url}/api/v1/auth/login`, {
      method: 'POST',
      body: new URLSearchParams({ username, password }),
    });
    const { access_token } = (await login.json()) as { access_token: string };
    const callback = `${this.url}/api/v1/providers/${provider}/webhooks`;
    const answer = await fetch(`${callback}/subscriptions?callback_url=${encodeURIComponent(callback)}`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${access_token}` },
    });
    if (!answer.ok) throw new Error(`The subscription of ${provider} answered ${answer.status}`);
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
