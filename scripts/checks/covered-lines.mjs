import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { mergeProcessCovs } from '@bcoe/v8-coverage';
import { transformSync } from '@swc/core';
import { parse } from 'acorn';
import { convert } from 'ast-v8-to-istanbul';
import istanbul from 'istanbul-lib-coverage';
import { listFiles } from './files.mjs';

const MEASURED = /^libs\/(providers\/[^/]+|[^/]+)\/src\/.+\.ts$/;
/** Tests, and history. */
const LEFT_OUT = /\.spec\.ts$|\/migrations\//;

/**
 * `{ covered, total }` lines of each file of the libraries, from what V8 counted in each test file
 * (test/support/coverage-environment.mjs). A file that no test loads counts as not covered.
 */
export async function coveredLines(directory, root) {
  const parts = readdirSync(directory)
    .filter((name) => name.endsWith('.json'))
    .map((name) => JSON.parse(readFileSync(join(directory, name), 'utf8')));
  const merged = mergeProcessCovs(parts.map((result) => ({ result })));
  const ran = new Map(merged.result.map((script) => [script.url, script]));
  const lines = new Map();
  for (const path of listFiles(root, join(root, 'libs'))) {
    if (MEASURED.test(path) && !LEFT_OUT.test(path)) lines.set(path, await linesOf(root, path, ran));
  }
  return lines;
}

/** Lines as Istanbul counts them: those on which a statement begins. V8 counted in what swc made of the file. */
async function linesOf(root, path, ran) {
  const file = join(root, path);
  const url = pathToFileURL(file).href;
  const { code, map } = transformSync(readFileSync(file, 'utf8'), { configFile: join(root, '.swcrc'), filename: file });
  const nothing = [{ functionName: '', ranges: [{ startOffset: 0, endOffset: code.length, count: 0 }] }];
  const converted = await convert({
    code,
    ast: parse(code, { ecmaVersion: 'latest', sourceType: 'module' }),
    sourceMap: JSON.parse(map),
    coverage: { scriptId: '', url, functions: ran.get(url)?.functions ?? nothing },
  });
  const { covered, total } = istanbul.createCoverageMap(converted).getCoverageSummary().lines;
  return { covered, total };
}
