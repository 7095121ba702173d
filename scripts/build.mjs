/** Compiles apps/ and libs/ into dist/, only what changed, and joins them. Type errors are not its concern: `npm test` finds them. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { bundle } from './bundle.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');
const stampFile = join(dist, '.stamp');

/** Brings dist/ up to date and answers how many files were written. Does nothing where the sources are not installed. */
export async function build() {
  const sources = listSources(['apps', 'libs']);
  if (sources.length === 0) return 0;
  const stamp = compilerStamp();
  const isSameCompiler = existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp;
  const stale = sources.filter(({ from, to }) => !isSameCompiler || !isFresh(from, to));
  await compileAll(stale);
  const removed = removeLeftOvers(['apps', 'libs'], new Set(sources.map(({ to }) => to)));
  if (stale.length + removed > 0 || !isSameCompiler) {
    await writeBundle(sources);
    put(stampFile, stamp);
  }
  return stale.length;
}

async function writeBundle(sources) {
  const tables = sources
    .filter(({ from }) => from.endsWith('.json'))
    .map(({ from, to }) => ({ path: join(dist, 'bundle', relative(dist, to)), contents: readFileSync(from) }));
  const files = [...(await bundle(dist)), ...tables];
  for (const { path, contents } of files) put(path, contents);
  removeLeftOvers(['bundle'], new Set(files.map(({ path }) => path)));
}

/** Without the packages for development, as after `npm ci --omit=dev`, what was built before is run. */
const isInstalled = () =>
  existsSync(join(root, 'node_modules/@swc/core')) && existsSync(join(root, 'node_modules/esbuild'));

/** Compiles what is no part of the product, for example `test/simulator`, next to it in dist/. */
export async function buildFolder(folder) {
  await compileAll(listSources([folder]));
}

async function compileAll(sources) {
  if (sources.length === 0) return;
  const { transformFile } = await import('@swc/core');
  await Promise.all(sources.map((source) => compile(source, transformFile)));
}

function listSources(folders) {
  return folders.flatMap((folder) => {
    const top = join(root, folder);
    if (!existsSync(top)) return [];
    return filesBelow(top)
      .filter((path) => /\.(ts|json)$/.test(path) && !/\.(spec|d)\.ts$/.test(path))
      .filter((path) => !path.split(/[\\/]/).includes('fixtures'))
      .map((from) => ({ from, to: join(dist, relative(root, from)).replace(/\.ts$/, '.js') }));
  });
}

const filesBelow = (folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));

function isFresh(from, to) {
  const built = statSync(to, { throwIfNoEntry: false });
  return built !== undefined && built.mtimeMs >= statSync(from).mtimeMs;
}

/** Whatever changes the output although no source changed. */
function compilerStamp() {
  const hash = createHash('sha256');
  for (const file of ['.swcrc', 'scripts/bundle.mjs', 'node_modules/.package-lock.json']) {
    if (existsSync(join(root, file))) hash.update(readFileSync(join(root, file)));
  }
  return hash.digest('hex');
}

async function compile({ from, to }, transformFile) {
  if (!from.endsWith('.ts')) return put(to, readFileSync(from));
  const { code, map } = await transformFile(from, { cwd: root, sourceMaps: true });
  const name = to.split(/[\\/]/).at(-1);
  put(`${to}.map`, map);
  put(to, `${code}//# sourceMappingURL=${name}.map\n`);
}

/** Never leaves half a file for a process that starts at this moment. */
function put(path, content) {
  mkdirSync(dirname(path), { recursive: true });
  const unfinished = `${path}.${process.pid}.new`;
  writeFileSync(unfinished, content);
  renameSync(unfinished, path);
}

/** Removes what was compiled from a source that is gone, and answers how many files that were. */
function removeLeftOvers(folders, expected) {
  let removed = 0;
  for (const folder of folders) {
    const top = join(dist, folder);
    if (!existsSync(top)) continue;
    for (const path of filesBelow(top)) {
      if (path.endsWith('.new') || expected.has(path.replace(/\.js\.map$/, '.js'))) continue;
      rmSync(path, { force: true });
      removed++;
    }
  }
  return removed;
}

if (process.argv[1] && pathToFileURL(process.argv[1]).href === import.meta.url) {
  const started = performance.now();
  const count = isInstalled() ? await build() : 0;
  console.log(`${count} files compiled in ${Math.round(performance.now() - started)} ms`);
}
