import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const START = fileURLToPath(new URL('../../../../scripts/start.mjs', import.meta.url));
const STEP_MS = 250;

/** `npm start` with files of its own, which are thrown away in the end. */
export class DemoPlatform {
  private constructor(
    readonly url: string,
    readonly apiKey: string,
    private readonly dataDir: string,
    private readonly child: ChildProcess,
  ) {}

  /** Starts it; `ready` waits until it can be used. */
  static async launch(port: number, settings: Readonly<Record<string, string>>): Promise<DemoPlatform> {
    const dataDir = await mkdtemp(join(tmpdir(), 'platform-demo-'));
    const apiKey = 'sk-demo-of-the-platform';
    // Empty: whatever a .env file says, the demo has a database and a queue of its own.
    const own = { DATABASE_URL: '', REDIS_URL: '', DATA_DIR: dataDir, PORT: String(port), BOOTSTRAP_API_KEY: apiKey };
    // npm_lifecycle_event makes it end with its parent, however that ends.
    const env = {
      ...process.env,
      npm_lifecycle_event: 'demo',
      LOG_LEVEL: 'error',
      API_BASE_URL: `http://localhost:${port}`,
      ...own,
      ...settings,
    };
    const child = spawn(process.execPath, [START], { env, stdio: ['ignore', 'ignore', 'inherit'] });
    return new DemoPlatform(`http://localhost:${port}`, apiKey, dataDir, child);
  }

  /** Requests with the API key; anything but a 2xx is an error. */
  async request<T>(method: string, path: string, body?: object): Promise<T> {
    const headers = { 'X-API-Key': this.apiKey, 'Content-Type': 'application/json' };
    const answer = await fetch(`${this.url}/api/v1${path}`, {
      ...{ method, headers },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as T;
  }

  async stop(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      const gone = once(this.child, 'exit');
      this.child.kill('SIGTERM');
      await gone;
    }
    await rm(this.dataDir, { recursive: true, force: true });
  }

  /** @throws Error when it ended instead */
  async ready(): Promise<void> {
    for (;;) {
      if (this.child.exitCode !== null) throw new Error('The platform did not start.');
      // The key is made last of all.
      const headers = { 'X-API-Key': this.apiKey };
      const answer = await fetch(`${this.url}/api/v1/users?limit=1`, { headers }).catch(() => null);
      if (answer?.ok === true) return;
      await pause(STEP_MS);
    }
  }
}
