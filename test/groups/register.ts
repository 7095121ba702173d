/**
 * `npm test` runs many spec files as one test file: loading the platform takes longer than most files' tests, and Jest
 * loads everything anew for each. Every file keeps a `describe` of its own, made by test/support/grouped-transform.mjs.
 */
import { statSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

declare const GROUPED_SPECS: readonly string[];
declare const GROUP_COUNT: number;

/** Loads the spec files of one group, `index` from 0. A project with fewer groups leaves the rest empty. */
export async function registerGroup(index: number): Promise<void> {
  if (index >= GROUP_COUNT) return;
  for (const file of groupsOf(GROUPED_SPECS, GROUP_COUNT)[index]!) await import(pathToFileURL(file).href);
}

/** Spreads files so that every group has about as much text: the best guess before anything ran. */
function groupsOf(files: readonly string[], count: number): readonly string[][] {
  const groups = Array.from({ length: count }, () => ({ bytes: 0, files: [] as string[] }));
  const sized = files.map((file) => ({ file, bytes: statSync(file).size }));
  for (const { file, bytes } of sized.sort((a, b) => b.bytes - a.bytes)) {
    const smallest = groups.reduce((a, b) => (b.bytes < a.bytes ? b : a));
    smallest.bytes += bytes;
    smallest.files.push(file);
  }
  return groups.map((group) => group.files.sort());
}
