/** All static checks, two at a time. Prints one line per check and the details of those that fail. */
import { availableParallelism } from 'node:os';
import { checkLicences } from './checks/licences.mjs';
import { checkSettings } from './checks/settings.mjs';
import { checkSources } from './checks/sources.mjs';
import { root, runTool } from './checks/tool.mjs';

const CACHE = 'node_modules/.cache';
const SOURCES = ['apps', 'libs', 'test', 'scripts'];

const tool =
  (name, ...args) =>
  () =>
    runTool(name, args);
const own = (check) => async () => {
  const problems = await check(root);
  return { passed: problems.length === 0, output: problems.join('\n') };
};

/** The longest first, so that two cores end together. */
const checks = [
  ['lint', tool('eslint', '.', '--max-warnings=0', '--cache', '--cache-location', `${CACHE}/eslint/`)],
  ['types', tool('tsc', '--noEmit', '--incremental', '--tsBuildInfoFile', `${CACHE}/tsc/check.tsbuildinfo`)],
  [
    'format',
    tool('prettier', '--check', '.', '--log-level=warn', '--cache', '--cache-location', `${CACHE}/prettier/checked`),
  ],
  ['dependencies', tool('depcruise', ...SOURCES, '--output-type=err-long')],
  ['licences', own(checkLicences)],
  ['docker', tool('dockerfilelint', 'docker/Dockerfile')],
  ['sources', own(checkSources)],
  ['settings', own(checkSettings)],
];

/** Runs every check and answers, for each, whether it passed. */
export async function runChecks() {
  const waiting = [...checks];
  const results = [];
  const lane = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [name, check] = next;
      const start = Date.now();
      const { passed, output } = await check();
      console.log(`${passed ? 'ok  ' : 'FAIL'} ${name} (${((Date.now() - start) / 1000).toFixed(1)} s)`);
      if (!passed) console.log(output.trimEnd().replaceAll(/^/gm, '     '));
      results.push(passed);
    }
  };
  await Promise.all(Array.from({ length: Math.min(2, availableParallelism()) }, lane));
  return results;
}

if (process.argv[1] === import.meta.filename) process.exitCode = (await runChecks()).every(Boolean) ? 0 : 1;
