/** `npm run bench -- <name> [flags]` compiles and runs test/load/<name>.bench.ts. */
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { transformFile } from '@swc/core';
import { build, buildFolder } from '../../scripts/build.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const root = join(here, '../..');
const compiled = join(root, 'dist/test/load');
const SUFFIX = '.bench.ts';

const sources = readdirSync(here).filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'));
const names = sources.filter((file) => file.endsWith(SUFFIX)).map((file) => file.slice(0, -SUFFIX.length));
const [name] = process.argv.splice(2, 1);

if (!names.includes(name)) {
  console.error(`Say which benchmark to run: ${names.join(', ')}.`);
  process.exit(1);
}
await build();
await buildFolder('test/simulator');
mkdirSync(compiled, { recursive: true });
for (const file of sources) {
  const { code } = await transformFile(join(here, file), { cwd: root, sourceMaps: 'inline' });
  writeFileSync(join(compiled, file.replace(/\.ts$/, '.js')), code);
}
process.setSourceMapsEnabled(true);
const benchmark = join(compiled, `${name}.bench.js`);
if (existsSync(benchmark)) await import(benchmark);
