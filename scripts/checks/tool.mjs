import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { constants, setPriority } from 'node:os';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);

/** The checkout. */
export const root = join(import.meta.dirname, '..', '..');

const PACKAGE_OF = { tsc: 'typescript', depcruise: 'dependency-cruiser' };

/** The script behind an installed command, to be run with node itself. */
export function toolPath(command) {
  const name = PACKAGE_OF[command] ?? command;
  const manifest = join(root, 'node_modules', name, 'package.json');
  const { bin } = JSON.parse(readFileSync(manifest, 'utf8'));
  return require.resolve(join(dirname(manifest), typeof bin === 'string' ? bin : bin[command]));
}

const running = new Set();

/** Passes a signal on to everything that `runTool` and `runScript` have started and that still runs. */
export function signalRunning(signal) {
  for (const child of running) child.kill(signal);
}

/** Runs an installed command, silently; answers `{ passed, output }`. Options as those of `runNode`. */
export function runTool(command, args, options) {
  return runNode(toolPath(command), args, options);
}

/** Runs a script, silently; answers `{ passed, output }`. With `yields`, whatever else has work to do comes first. */
export async function runNode(path, args = [], { cwd = root, yields = false } = {}) {
  let output = '';
  const child = start(path, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  if (yields) setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL);
  child.stdout.on('data', (chunk) => (output += chunk));
  child.stderr.on('data', (chunk) => (output += chunk));
  return { passed: (await exitCode(child)) === 0, output };
}

/** Runs a script of ours or of a package in the foreground; answers its exit code. */
export function runScript(path, args = [], env = process.env) {
  return exitCode(start(path, args, { cwd: root, env, stdio: ['ignore', 'inherit', 'inherit'] }));
}

function start(path, args, options) {
  const child = spawn(process.execPath, [path, ...args], options);
  running.add(child);
  child.once('close', () => running.delete(child));
  return child;
}

function exitCode(child) {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 1));
  });
}
