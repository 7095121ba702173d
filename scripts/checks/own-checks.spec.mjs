import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { summarizeCoverage } from './coverage.mjs';
import { makeFixture } from './fixture.mjs';
import { isPermissive } from './licences.mjs';
import { checkSettings } from './settings.mjs';
import { checkSources } from './sources.mjs';
import { countTests } from './test-counts.mjs';
import { runTool } from './tool.mjs';

let fixture;
const checkout = (files) => (fixture = makeFixture(files)).directory;
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
  const lines = (covered, total) => ({ lines: { covered, total } });

  it('adds up by library and passes from 90 % on', () => {
    const summary = {
      total: lines(90, 100),
      '/repo/libs/model/src/a.ts': lines(30, 40),
      '/repo/libs/model/src/b.ts': lines(40, 40),
      '/repo/libs/providers/kit/src/c.ts': lines(20, 20),
    };
    const { isEnough, text } = summarizeCoverage(summary, '/repo');
    expect(isEnough).toBe(true);
    expect(text).toMatch(
      /model +87\.5 % of 80 lines\n +providers\/kit +100\.0 % of 20 lines\n +all libraries +90\.0 %/,
    );
  });

  it.each([
    [89, 100],
    [0, 0],
  ])('does not pass with %d of %d lines', (covered, total) => {
    expect(summarizeCoverage({ total: lines(covered, total) }, '/repo')).toMatchObject({
      isEnough: false,
      text: expect.stringContaining('FAIL coverage'),
    });
  });
});
