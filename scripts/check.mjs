/** All static checks, two at a time, behind whatever else runs. Prints one line per check, details of those that fail. */
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { checkLicences } from './checks/licences.mjs';
import { checkSettings } from './checks/settings.mjs';
import { checkSources } from './checks/sources.mjs';
import { root, runNode, runTool } from './checks/tool.mjs';

const PRETTIER_CACHE = 'node_modules/.cache/prettier/checked';
const SOURCES = ['apps', 'libs', 'test', 'scripts'];

const tool =
  (name, command, ...args) =>
  async () => [{ name, ...(await runTool(command, args, { yields: true })) }];
const own = (name, check) => async () => {
  const problems = await check(root);
  return [{ name, passed: problems.length === 0, output: problems.join('\n') }];
};

async function typesAndLint() {
  const { passed, output } = await runNode(join(root, 'scripts/checks/types-and-lint.mjs'), [], { yields: true });
  return passed
    ? JSON.parse(output.trimEnd().split('\n').at(-1))
    : ['types', 'lint'].map((name) => ({ name, passed, output }));
}

/** The longest first, so that two cores end together. */
const checks = [
  typesAndLint,
  tool('format', 'prettier', '--check', '.', '--log-level=warn', '--cache', '--cache-location', PRETTIER_CACHE),
  tool('dependencies', 'depcruise', ...SOURCES, '--output-type=err-long'),
  own('licences', checkLicences),
  tool('docker', 'dockerfilelint', 'docker/Dockerfile'),
  own('sources', checkSources),
  own('settings', checkSettings),
];

/** Runs every check and answers, for each, whether it passed. */
export async function runChecks() {
  const waiting = [...checks];
  const results = [];
  const lane = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const start = Date.now();
      for (const { name, passed, output } of await next()) {
        console.log(`${passed ? 'ok  ' : 'FAIL'} ${name} (${((Date.now() - start) / 1000).toFixed(1)} s)`);
        if (!passed) console.log(output.trimEnd().replaceAll(/^/gm, '     '));
        results.push(passed);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(2, availableParallelism()) }, lane));
  return results;
}

if (process.argv[1] === import.meta.filename) process.exitCode = (await runChecks()).every(Boolean) ? 0 : 1;
