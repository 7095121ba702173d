import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const STARTS = 5;

/**
 * Keeps one throw-away server alive for exactly as long as our standard input stays open; then, or when `prepare` or
 * the server fails, stops it and removes its directory. Prints what `prepare` answers as one line of JSON when ready.
 *
 * `prepare(directory)` answers `{ command, args(port), options, readyMark, answer(port) }`.
 */
export async function keepServer(prepare) {
  const directory = mkdtempSync(join(tmpdir(), 'platform-test-'));
  let server;
  const finish = async (code) => {
    // The data is thrown away, so the server is stopped the hard way.
    if (server) await stop(server);
    rmSync(directory, { recursive: true, force: true, maxRetries: 5 });
    process.exit(code);
  };
  process.stdin.on('close', () => finish(0));
  process.stdin.resume();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => finish(1));
  try {
    const plan = prepare(directory);
    let lastWords;
    for (let start = 0; start < STARTS; start++) {
      // Another process may take the free port first; then the next one is tried.
      const port = await freePort();
      server = spawn(plan.command, plan.args(port), { ...plan.options, stdio: ['ignore', 'pipe', 'pipe'] });
      lastWords = await untilReady(server, plan.readyMark);
      if (lastWords === null) {
        console.log(JSON.stringify(plan.answer(port)));
        return;
      }
    }
    throw new Error(`${plan.command} does not start: ${lastWords}`);
  } catch (error) {
    console.error(error);
    await finish(1);
  }
}

async function stop(server) {
  if (server.exitCode !== null || server.signalCode !== null || server.pid === undefined) return;
  const gone = new Promise((resolve) => server.once('exit', resolve));
  server.kill('SIGQUIT');
  await gone;
}

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

/** Null when the server says that it is ready, what it printed when it gave up before that. */
function untilReady(server, readyMark) {
  return new Promise((resolve) => {
    let log = '';
    const read = (chunk) => {
      if (log.length > 100_000) return;
      log += chunk;
      if (log.includes(readyMark)) resolve(null);
    };
    server.stdout.on('data', read);
    server.stderr.on('data', read);
    server.once('error', (error) => resolve(error.message));
    server.once('exit', () => resolve(log));
  });
}
