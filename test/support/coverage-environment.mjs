import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { TestEnvironment } from 'jest-environment-node';

/**
 * Jest's environment, and what V8 itself counts in the libraries while a test file runs in it: one JSON file for each, in
 * `COVERAGE_DIR`. Code that is changed to count itself costs as much again as the tests; this costs next to nothing.
 */
export default class CoverageEnvironment extends TestEnvironment {
  constructor(config, context) {
    super(config, context);
    this.libraries = pathToFileURL(join(config.projectConfig.rootDir, 'libs/')).href;
  }

  async setup() {
    await super.setup();
    this.session = new Session();
    this.session.connect();
    await this.session.post('Profiler.enable');
    await this.session.post('Profiler.startPreciseCoverage', { callCount: false, detailed: true });
  }

  /** Reads the counts after the last test and hook, while all that was loaded is still there. */
  async handleTestEvent({ name }) {
    if (name !== 'run_finish') return;
    const { result } = await this.session.post('Profiler.takePreciseCoverage');
    await this.session.post('Profiler.stopPreciseCoverage');
    this.session.disconnect();
    const scripts = result.filter(({ url }) => url.startsWith(this.libraries));
    writeFileSync(join(process.env.COVERAGE_DIR, `${randomUUID()}.json`), JSON.stringify(scripts));
  }
}
