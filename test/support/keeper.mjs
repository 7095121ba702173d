import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/**
 * Starts a script of this folder that keeps a server alive for as long as its standard input is open, and waits for
 * the line of JSON with which it says how to reach the server. The server ends with us, however we end.
 */
export async function startKeeper(script) {
  const keeper = spawn(process.execPath, [fileURLToPath(new URL(script, import.meta.url))], {
    // Its own process group: Ctrl-C must not reach it, it cleans up when our end of the pipe closes.
    detached: true,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const [first] = await Promise.race([once(createInterface({ input: keeper.stdout }), 'line'), once(keeper, 'exit')]);
  if (typeof first !== 'string') throw new Error(`${script} did not start its server; the error is printed above`);
  return { keeper, answer: JSON.parse(first) };
}

/** Ends a keeper and waits until its server and files are gone. */
export async function stopKeeper(keeper) {
  if (!keeper || keeper.exitCode !== null) return;
  const gone = once(keeper, 'exit');
  keeper.stdin.end();
  await gone;
}
