import { randomUUID } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo, type Server } from 'node:net';
import { join } from 'node:path';
import { StartProblem } from './start-problem.js';

interface Holder {
  readonly pid: number;
  readonly port: number;
  readonly token: string;
}

const ASK_PATIENCE_MS = 1000;

/**
 * Makes sure that one platform at a time works on a data directory. The holder listens on a local port and repeats the
 * token in the lock file to whoever asks, so a file that a killed platform left behind is told from a held one, even
 * when its process number was given away again.
 */
export class InstanceLock {
  private constructor(
    private readonly file: string,
    private readonly server: Server,
  ) {}

  /** @throws StartProblem when another platform holds the directory or it cannot be written */
  static async take(dataDir: string): Promise<InstanceLock> {
    const file = join(dataDir, 'platform.lock');
    const token = randomUUID();
    const server = await listen(token);
    const { port } = server.address() as AddressInfo;
    try {
      await claim(dataDir, file, { pid: process.pid, port, token });
    } catch (error) {
      server.close();
      throw error;
    }
    return new InstanceLock(file, server);
  }

  release(): void {
    rmSync(this.file, { force: true });
    this.server.close();
  }
}

async function claim(dataDir: string, file: string, self: Holder): Promise<void> {
  const candidate = `${file}.${self.token}`;
  try {
    mkdirSync(dataDir, { recursive: true });
    writeFileSync(candidate, JSON.stringify(self), { mode: 0o600 });
  } catch (error) {
    throw new StartProblem(`DATA_DIR ${dataDir} cannot be written: ${(error as Error).message}.`, { cause: error });
  }
  try {
    // Creates the whole file at once, and only when there is none.
    while (!createdLink(candidate, file)) {
      const holder = readHolder(file);
      if (holder && (await isAlive(holder))) {
        throw new StartProblem(
          `Another platform (process ${holder.pid}) is already running on ${dataDir}; stop it or choose another DATA_DIR.`,
        );
      }
      rmSync(file, { force: true });
    }
  } finally {
    rmSync(candidate, { force: true });
  }
}

function createdLink(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function readHolder(file: string): Holder | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Holder;
  } catch {
    return null;
  }
}

function listen(token: string): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.end(token);
    });
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve(server.unref()));
  });
}

function isAlive({ port, token }: Holder): Promise<boolean> {
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect({ port, host: '127.0.0.1', timeout: ASK_PATIENCE_MS });
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      answer += chunk;
    });
    socket.on('timeout', () => socket.destroy());
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(answer === token));
  });
}
