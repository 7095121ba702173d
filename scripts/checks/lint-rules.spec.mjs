import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { makeFixture } from './fixture.mjs';
import { runTool } from './tool.mjs';

const SERVICE = `export class Service {\n  readonly name = 'x';\n}\n`;
const INJECTED = `import { Injectable } from '@nestjs/common';
import { Service } from './service.js';
@Injectable()
export class Consumer {
  constructor(private readonly service: Service) {}
  get name(): string {
    return this.service.name;
  }
}
`;
const work = `const work = (): Promise<number> => Promise.resolve(1);\n`;
const lines = (count) => `export const answer = 42;\n${'//\n'.repeat(count - 1)}`;

/** One file per case: its text, and the rules it breaks. */
const CASES = [
  ['libs/a/src/service.ts', SERVICE, []],
  ['libs/a/src/consumer.ts', INJECTED, []],
  ['libs/a/src/any.ts', `export const a: any = 1;\n`, ['@typescript-eslint/no-explicit-any']],
  ['libs/a/src/floating.ts', `${work}work();\n`, ['@typescript-eslint/no-floating-promises']],
  [
    'libs/a/src/misused.ts',
    `${work}[1].forEach(async () => {\n  await work();\n});\n`,
    ['@typescript-eslint/no-misused-promises'],
  ],
  ['libs/a/src/unused.ts', `const left = 1;\nexport {};\n`, ['@typescript-eslint/no-unused-vars']],
  ['libs/a/src/ignored.ts', `export const first = (_one: number, two: number): number => two;\n`, []],
  [
    'libs/a/src/type-import.ts',
    `import { Service } from './service.js';\nexport type Name = Service['name'];\n`,
    ['@typescript-eslint/consistent-type-imports'],
  ],
  [
    'libs/a/src/silenced.ts',
    `// eslint-${'disable'}-next-line\nexport const a: any = 1;\n`,
    ['@typescript-eslint/no-explicit-any'],
  ],
  ['libs/a/src/long.ts', lines(401), ['max-lines']],
  ['libs/a/src/full.ts', lines(400), []],
  ['libs/a/src/migrations/long.ts', lines(401), []],
  ['libs/a/src/fixtures/long.ts', lines(401), []],
  ['libs/a/src/talk.ts', `console.log('hello');\nexport {};\n`, ['no-console']],
  ['libs/a/src/environment.ts', `export const port = process.env['PORT'];\n`, ['no-restricted-properties']],
  ['libs/config/src/environment.ts', `export const port = process.env['PORT'];\n`, []],
  ['test/environment.ts', `export const port = process.env['PORT'];\n`, []],
  ['scripts/undefined.mjs', `nothing();\n`, ['no-undef']],
];

describe('the lint rules', () => {
  let fixture;
  const broken = new Map();

  beforeAll(async () => {
    const files = Object.fromEntries(CASES.map(([path, text]) => [path, text]));
    fixture = makeFixture(files, ['package.json', 'tsconfig.json', 'eslint.config.mjs']);
    const { output } = await runTool('eslint', ['.', '--format=json'], { cwd: fixture.directory });
    for (const { filePath, messages } of JSON.parse(output)) {
      const found = messages.filter(({ severity }) => severity === 2).map(({ ruleId, message }) => ruleId ?? message);
      broken.set(filePath.slice(fixture.directory.length + 1), [...new Set(found)].sort());
    }
  }, 60_000);

  afterAll(() => fixture.remove());

  it.each(CASES)('%s', (path, _text, rules) => {
    expect(broken.get(path)).toEqual(rules);
  });
});
