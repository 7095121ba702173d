import { existsSync, readFileSync } from 'node:fs';

/**
 * Counts of a jest run from its JSON report. A file that could not even be loaded counts as one failed test, and so
 * does a run that failed without a failed test, or without a report.
 */
export function countTests(report, exitCode) {
  const result = existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : {};
  const passed = result.numPassedTests ?? 0;
  const failed = (result.numFailedTests ?? 0) + (result.numRuntimeErrorTestSuites ?? 0);
  const skipped = (result.numPendingTests ?? 0) + (result.numTodoTests ?? 0);
  return { passed, failed: exitCode !== 0 && failed === 0 ? 1 : failed, skipped };
}
