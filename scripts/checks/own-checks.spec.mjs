import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, describe, expect, it } from '@jest/globals';
import { transformSync } from '@swc/core';
import { summarizeCoverage } from './coverage.mjs';
import { coveredLines } from './covered-lines.mjs';
import { makeFixture } from './fixture.mjs';
import { isPermissive } from './licences.mjs';
import { checkSettings } from './settings.mjs';
import { checkSources } from './sources.mjs';
import { countTests } from './test-counts.mjs';
import { runTool } from './tool.mjs';

let fixture;
const checkout = (files, configs) => (fixture = makeFixture(files, configs)).directory;
afterEach(() => fixture?.remove());

describe('sources', () => {
  it.each([
    ['// TO' + 'DO: later', 'unfinished work'],
    ['// FIX' + 'ME', 'unfinished work'],
    ['it' + `.only('x', run);`, 'a test that runs alone'],
    ['describe.each([1])' + `.only('x', run);`, 'a test that runs alone'],
    ['f' + `it('x', run);`, 'a test that runs alone'],
    ['test' + `.skip('x', run);`, 'a test that is left out'],
    ['x' + `describe('x', run);`, 'a test that is left out'],
    ['// @ts-' + 'ignore', 'a silenced compiler'],
    ['/* eslint-' + 'disable */', 'a silenced linter'],
  ])('refuses %s', (line, what) => {
    expect(checkSources(checkout({ 'libs/a/b.ts': `\n${line}\n` }))).toEqual([`libs/a/b.ts:2: ${what}`]);
  });

  it('refuses files over 400 lines, but for history and payloads', () => {
    const files = {
      'apps/a.ts': '\n'.repeat(401),
      'apps/b.ts': '\n'.repeat(400),
      'libs/migrations/c.ts': '\n'.repeat(401),
      'libs/fixtures/d.ts': '\n'.repeat(401),
    };
    expect(checkSources(checkout(files))).toEqual(['apps/a.ts: 401 lines, 400 allowed']);
  });

  it('passes ordinary words, and files that are not code', () => {
    const files = { 'a.ts': `limit(1); omit('x'); exit(0); only.skip();\n`, 'notes.txt': 'TO' + 'DO' };
    expect(checkSources(checkout(files))).toEqual([]);
  });
});

describe('settings', () => {
  const example = 'PORT=8000\n# DATABASE_URL=postgresql://x\n# A sentence about PORT = 1\n';

  it('names each variable that no page explains', () => {
    const files = { '.env.example': example, 'docs/settings.md': '`PORT` is the port; MY_DATABASE_URL is not it' };
    expect(checkSettings(checkout(files))).toEqual(['DATABASE_URL of .env.example appears in no page of docs']);
  });

  it('passes when README and docs explain all of them', () => {
    const files = { '.env.example': example, 'docs/a/b.md': 'PORT', 'README.md': 'DATABASE_URL' };
    expect(checkSettings(checkout(files))).toEqual([]);
  });

  it('does not pass without an example', () => {
    expect(checkSettings(checkout({}))).toHaveLength(1);
  });
});

describe('licences', () => {
  it.each(['MIT', 'MIT*', '(MIT OR GPL-3.0)', 'MIT AND ISC', '(BSD-2-Clause OR MIT OR Apache-2.0)', 'BlueOak-1.0.0'])(
    'allows %s',
    (licence) => expect(isPermissive(licence)).toBe(true),
  );

  it.each(['GPL-3.0', 'MIT AND LGPL-3.0-or-later', 'UNLICENSED', 'Custom: https://example.org', 'SSPL-1.0', ''])(
    'refuses %s',
    (licence) => expect(isPermissive(licence)).toBe(false),
  );
});

describe('runTool', () => {
  it('tells success from failure', async () => {
    expect(await runTool('prettier', ['--version'])).toMatchObject({ passed: true });
    const { passed, output } = await runTool('prettier', ['--check', 'there-is-no-such-file.ts']);
    expect(passed).toBe(false);
    expect(output).toContain('there-is-no-such-file');
  });
});

describe('countTests', () => {
  const count = (report, exitCode) => {
    const directory = checkout(report ? { 'report.json': JSON.stringify(report) } : {});
    return countTests(join(directory, 'report.json'), exitCode);
  };
  const report = { numPassedTests: 5, numFailedTests: 0, numPendingTests: 2, numTodoTests: 1 };

  it.each([
    ['a good run', report, 0, { passed: 5, failed: 0, skipped: 3 }],
    ['a failed test', { ...report, numFailedTests: 2 }, 1, { passed: 5, failed: 2, skipped: 3 }],
    ['a file that does not load', { ...report, numRuntimeErrorTestSuites: 1 }, 1, { passed: 5, failed: 1, skipped: 3 }],
    ['a run that fails otherwise', report, 1, { passed: 5, failed: 1, skipped: 3 }],
    ['a run that was killed', null, 1, { passed: 0, failed: 1, skipped: 0 }],
  ])('counts %s', (_title, result, exitCode, counts) => {
    expect(count(result, exitCode)).toEqual(counts);
  });
});

describe('summarizeCoverage', () => {
  const lines = (path, covered, total) => [path, { covered, total }];

  it('adds up by library and passes from 90 % on', () => {
    const all = new Map([
      lines('libs/model/src/a.ts', 30, 40),
      lines('libs/model/src/b.ts', 40, 40),
      lines('libs/providers/kit/src/c.ts', 20, 20),
    ]);
    const { isEnough, text } = summarizeCoverage(all);
    expect(isEnough).toBe(true);
    expect(text).toMatch(
      /model +87\.5 % of 80 lines\n +providers\/kit +100\.0 % of 20 lines\n +all libraries +90\.0 %/,
    );
  });

  it.each([
    [89, 100],
    [0, 0],
  ])('does not pass with %d of %d lines', (covered, total) => {
    expect(summarizeCoverage(new Map([lines('libs/model/src/a.ts', covered, total)]))).toMatchObject({
      isEnough: false,
      text: expect.stringContaining('FAIL coverage'),
    });
  });
});

describe('coveredLines', () => {
  const path = 'libs/a/src/which.ts';
  const source = [
    '/** Says which. */',
    'export function which(n: number): string {',
    '  // Neither a comment nor a type is a line that can run.',
    "  if (n > 0) return 'more';",
    "  return 'less';",
    '}',
    'export interface Unseen { n: number }',
    'export const never = (): number => {',
    '  return 1;',
    '};',
  ].join('\n');

  /** What V8 says when `which` ran without reaching `missed`. */
  function counted(root, missed) {
    const { code } = transformSync(source, { configFile: join(root, '.swcrc'), filename: join(root, path) });
    const range = (text, count) => ({
      startOffset: code.indexOf(text),
      endOffset: code.indexOf(text) + text.length,
      count,
    });
    const [ran, idle] = [/function which[^]*?\n}/.exec(code)[0], /\(\)=>\{[^]*?\n}/.exec(code)[0]];
    const functions = [
      { functionName: '', ranges: [range(code, 1)], isBlockCoverage: true },
      { functionName: 'which', ranges: [range(ran, 1), range(missed, 0)], isBlockCoverage: true },
      { functionName: 'never', ranges: [range(idle, 0)], isBlockCoverage: false },
    ];
    return JSON.stringify([{ scriptId: '1', url: pathToFileURL(join(root, path)).href, functions }]);
  }

  it('counts statements of the source that ran in any test file, and files that no test loads', async () => {
    const files = { [path]: source, 'libs/a/src/lost.ts': 'export const lost = 1;', 'libs/a/src/a.spec.ts': '1;' };
    const root = checkout(files, ['.swcrc']);
    const parts = makeFixture({ '1.json': counted(root, "return 'more';"), '2.json': counted(root, "return 'less';") });
    const one = makeFixture({ '1.json': counted(root, "return 'less';") });
    try {
      const lost = ['libs/a/src/lost.ts', { covered: 0, total: 1 }];
      expect([...(await coveredLines(one.directory, root))].sort()).toEqual([lost, [path, { covered: 2, total: 4 }]]);
      expect([...(await coveredLines(parts.directory, root))].sort()).toEqual([lost, [path, { covered: 3, total: 4 }]]);
    } finally {
      for (const made of [parts, one]) made.remove();
    }
  });
});
