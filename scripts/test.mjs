/**
 * Everything that must hold: the static checks, the build, and all tests with coverage. Keeps its own files in a
 * temporary directory, so that two runs at once do not meet. The last line counts the tests, and as one test each the
 * checks, the build and the coverage.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findRedisServer } from '../test/support/redis-binary.mjs';
import { runChecks } from './check.mjs';
import { summarizeCoverage } from './checks/coverage.mjs';
import { coveredLines } from './checks/covered-lines.mjs';
import { countTests } from './checks/test-counts.mjs';
import { root, runScript, signalRunning, toolPath } from './checks/tool.mjs';

const JEST_NODE_OPTIONS = '--experimental-vm-modules --disable-warning=ExperimentalWarning';

const directory = mkdtempSync(join(tmpdir(), 'platform-run-'));
const coverageDirectory = join(directory, 'coverage');
mkdirSync(coverageDirectory);
let interrupted = false;

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    interrupted = true;
    signalRunning(signal);
  });
}

/** Runs one part and says how long it took; nothing more is begun after an interruption. */
async function timed(title, work) {
  if (interrupted) throw new Error('Interrupted');
  console.log(`\n== ${title}`);
  const start = Date.now();
  const result = await work();
  console.log(`== ${title}: ${((Date.now() - start) / 1000).toFixed(1)} s`);
  return result;
}

async function runTests() {
  const report = join(directory, 'tests.json');
  const NODE_OPTIONS = [process.env.NODE_OPTIONS, JEST_NODE_OPTIONS].filter(Boolean).join(' ');
  const env = { ...process.env, NODE_OPTIONS, TEST_GROUPED: '1', COVERAGE_DIR: coverageDirectory };
  return countTests(report, await runScript(toolPath('jest'), ['--json', `--outputFile=${report}`], env));
}

async function main() {
  if (!findRedisServer()) console.log('No redis-server on this machine: the queues are tested on PostgreSQL only.');
  const built = await timed('build', () => runScript(join(root, 'scripts', 'build.mjs')));
  // Tests wait now and then: for a server, a killed worker, the last file. The checks, which give way, use that.
  const [checks, tests] = await Promise.all([timed('checks', runChecks), timed('tests', runTests)]);
  const coverage = summarizeCoverage(await coveredLines(coverageDirectory, root));
  console.log(coverage.text);

  const others = [...checks, built === 0, coverage.isEnough];
  const passed = tests.passed + others.filter(Boolean).length;
  const failed = tests.failed + others.filter((isGood) => !isGood).length;
  console.log(`\n${passed} passed, ${failed} failed, ${tests.skipped} skipped`);
  return failed === 0 && !interrupted ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!interrupted) throw error;
  console.log('\nInterrupted');
  process.exitCode = 1;
} finally {
  rmSync(directory, { recursive: true, force: true });
}
