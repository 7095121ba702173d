import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { makeFixture } from './fixture.mjs';
import { runTool } from './tool.mjs';

/** One file per case: its text, and the rules it breaks. */
const CASES = [
  ['libs/model/src/index.ts', `export * from './unit.js';`, []],
  ['libs/model/src/unit.ts', `export const unit = 'm';`, []],
  [
    'libs/database/src/index.ts',
    `import pg from 'pg'; export { unit } from '#libs/model'; export const pool = pg;`,
    [],
  ],
  ['libs/providers/kit/src/index.ts', `export { unit } from '#libs/model';`, []],
  ['libs/providers/garmin/src/index.ts', `export { unit } from '#libs/providers/kit';`, []],
  ['libs/providers/registry/src/index.ts', `import '#libs/providers/garmin'; import '#libs/providers/kit';`, []],
  ['libs/providers/oura/src/index.ts', `export { unit } from '#libs/providers/garmin';`, ['arrows-of-a-provider']],
  [
    'libs/providers/polar/src/index.ts',
    `import type {} from 'express'; export { pool } from '#libs/database';`,
    ['arrows-of-a-provider', 'providers-know-neither-database-nor-http'],
  ],
  [
    'libs/providers/kit/src/http.ts',
    `import '@nestjs/platform-express';`,
    ['providers-know-neither-database-nor-http'],
  ],
  ['libs/ingest/src/index.ts', `export { pool } from '#libs/database';`, []],
  ['libs/ingest/src/reads.ts', `export { rows } from '#libs/read';`, ['arrows-of-ingest']],
  ['libs/read/src/index.ts', `export const rows = [];`, []],
  ['libs/model/src/stores.ts', `export { pool } from '#libs/database';`, ['arrows-of-model']],
  ['libs/model/src/packaged.ts', `import 'rxjs';`, ['model-is-pure']],
  ['libs/read/src/deep.ts', `import '../../database/src/index.js';`, ['across-borders-by-name']],
  [
    'libs/read/src/deeper.ts',
    `import '../../model/src/unit.js';`,
    ['across-borders-by-name', 'no-import-past-the-index-of-another-library'],
  ],
  ['libs/read/src/self.ts', `export { rows } from '#libs/read';`, ['own-library-by-path']],
  // A circle is reported once.
  ['libs/read/src/round.ts', `import './about.js'; export const round = 1;`, []],
  ['libs/read/src/about.ts', `import './round.js'; export const about = 1;`, ['no-circles']],
  ['libs/database/src/entities/user.entity.ts', `import './connection.entity.js'; export const user = 1;`, []],
  ['libs/database/src/entities/connection.entity.ts', `import './user.entity.js'; export const connection = 1;`, []],
  ['libs/database/src/entities/loop.entity.ts', `import '../loop.js'; export const entity = 1;`, ['no-circles']],
  ['libs/database/src/loop.ts', `import './entities/loop.entity.js'; export const loop = 1;`, []],
  ['libs/read/src/lost.ts', `import './nowhere.js';`, ['resolvable']],
  ['libs/read/src/tested.ts', `import 'fast-check';`, ['no-development-packages-in-product-code']],
  ['libs/read/src/tested.spec.ts', `import 'fast-check';`, []],
  ['libs/read/src/undeclared.ts', `import 'chalk';`, ['only-declared-packages']],
  ['libs/surprise/src/index.ts', `import '#libs/model';`, ['library-without-arrows']],
  ['libs/identity/src/index.ts', `import '../../../apps/api/src/main.js';`, ['arrows-of-identity']],
  ['apps/api/src/main.ts', `export { rows } from '#libs/read';`, []],
  ['apps/api/src/other.ts', `import '../../worker/src/main.js';`, ['apps-know-libraries-only']],
  [
    'apps/api/src/deep.ts',
    `import '../../../libs/model/src/unit.js';`,
    ['into-libraries-by-name', 'no-import-past-the-index'],
  ],
  ['apps/worker/src/main.ts', `export {};`, []],
  ['apps/platform/src/main.ts', `import '../../api/src/main.js'; import '../../worker/src/main.js';`, []],
  ['scripts/run.mjs', `import '../dist/apps/api/src/main.js';`, []],
  ['test/deep.ts', `import '../libs/model/src/unit.js'; import '../apps/api/src/main.js';`, []],
];

describe('the dependency rules', () => {
  let fixture;
  const broken = new Map();

  beforeAll(async () => {
    const files = Object.fromEntries(CASES.map(([path, text]) => [path, `${text}\n`]));
    fixture = makeFixture(files, ['package.json', 'tsconfig.json', '.dependency-cruiser.cjs']);
    const args = ['apps', 'libs', 'scripts', 'test', '--output-type=json'];
    const { output } = await runTool('depcruise', args, { cwd: fixture.directory });
    for (const { from, rule } of JSON.parse(output).summary.violations) {
      broken.set(from, [...new Set([...(broken.get(from) ?? []), rule.name])].sort());
    }
  }, 60_000);

  afterAll(() => fixture.remove());

  it.each(CASES)('%s: %s', (path, _text, rules) => {
    expect(broken.get(path) ?? []).toEqual(rules);
  });
});
