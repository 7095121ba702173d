import { setFlagsFromString } from 'node:v8';

/**
 * By default V8 lets garbage pile up to several times of what is alive, as if the machine had nothing else to hold. Ours
 * runs a database beside: the next collection comes when the heap has grown by `percent`.
 * Measured with `npm run bench -- ingest`: a worker of 340 MiB stays below 240 with 100.
 */
export function growHeapSlowly(percent: number): void {
  setFlagsFromString(`--heap-growing-percent=${percent}`);
}

/**
 * What an API process is started with; V8 cannot be told later. New objects get 2 MiB at a time instead of 16, which were
 * 28 MiB resident in a process that mostly waits. `package.json` and the compose file say the same.
 */
export const API_FLAGS = ['--max-semi-space-size=2'];
