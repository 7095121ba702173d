/**
 * Which library may import which; what is not listed is forbidden. A library imports only through `#libs/<name>`,
 * so an arrow always ends at the other library's index.
 */
const ARROWS = {
  model: [],
  config: [],
  database: ['config', 'model'],
  'embedded-postgres': ['model'],
  observability: ['config', 'model'],
  outbound: ['config', 'model', 'observability'],
  storage: ['config', 'model'],
  secrets: ['config', 'database'],
  mail: ['config'],
  audit: ['database', 'model', 'observability'],
  'rate-limits': ['config', 'database', 'identity', 'model', 'observability'],
  queue: ['config', 'database', 'model', 'observability'],
  identity: ['config', 'database', 'mail', 'model', 'observability', 'queue', 'secrets'],
  ingest: ['database', 'model'],
  read: ['database', 'model'],
  cloud: ['config', 'database', 'ingest', 'model', 'observability', 'outbound', 'providers/kit', 'secrets'],
  accounts: ['cloud', 'database', 'ingest', 'model', 'observability', 'providers/kit', 'queue', 'storage'],
  webhooks: ['config', 'database', 'mail', 'model', 'observability', 'outbound', 'secrets'],
  sync: ['cloud', 'config', 'database', 'ingest', 'model', 'observability', 'providers/[^/]+', 'queue', 'storage'],
  imports: [
    'config',
    'database',
    'ingest',
    'model',
    'observability',
    'outbound',
    'providers/apple',
    'queue',
    'storage',
    'sync',
  ],
  'providers/kit': ['model', 'outbound'],
  // The one list of all providers; the only place that knows more than one of them.
  'providers/registry': ['providers/[^/]+'],
  'providers/(?!kit/|registry/)[^/]+': ['model', 'outbound', 'providers/kit'],
};

/** What a provider must not know: how data is stored and how HTTP comes in. */
const NOT_FOR_PROVIDERS = [
  '@nestjs/platform-express',
  '@nestjs/typeorm',
  '@nestjs/swagger',
  'express',
  'pg',
  'typeorm',
];

const LIBRARY = '^libs/(providers/[^/]+|[^/]+)/';
const SPEC = '[.]spec[.]ts$';

const arrowRules = Object.entries(ARROWS).map(([library, targets]) => ({
  name: `arrows-of-${library.startsWith('providers/(') ? 'a-provider' : library.replace('/', '-')}`,
  comment: `${library} may import ${targets.join(', ') || 'no other library'}`,
  severity: 'error',
  from: { path: `^libs/(${library})/src/` },
  to: { path: '^(libs|apps|test)/', pathNot: ['^libs/$1/', ...targets.map((target) => `^libs/${target}/`)] },
}));

module.exports = {
  forbidden: [
    {
      name: 'no-circles',
      comment: 'The two sides of a relation between entities are the only files that may know each other',
      severity: 'error',
      from: {},
      to: { circular: true, via: { pathNot: '^libs/database/src/entities/' } },
    },
    {
      name: 'resolvable',
      comment: 'What the build makes is not there before it',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '^(\\.\\./)*dist/' },
    },
    {
      name: 'library-without-arrows',
      comment: 'A new library states its arrows in .dependency-cruiser.cjs',
      severity: 'error',
      from: { path: '^libs/', pathNot: Object.keys(ARROWS).map((library) => `^libs/${library}/`) },
      to: {},
    },
    ...arrowRules,
    {
      name: 'no-import-past-the-index',
      comment: 'The index of a library is its whole public face',
      severity: 'error',
      from: { path: '^(apps|libs|scripts)/', pathNot: LIBRARY },
      to: { path: LIBRARY, pathNot: `${LIBRARY}src/index[.]ts$` },
    },
    {
      name: 'no-import-past-the-index-of-another-library',
      severity: 'error',
      from: { path: LIBRARY },
      to: { path: LIBRARY, pathNot: ['^libs/$1/', `${LIBRARY}src/index[.]ts$`] },
    },
    {
      name: 'across-borders-by-name',
      comment: 'Write #libs/<name>, not a relative path',
      severity: 'error',
      from: { path: LIBRARY },
      to: { path: LIBRARY, pathNot: '^libs/$1/', dependencyTypesNot: ['aliased-subpath-import'] },
    },
    {
      name: 'into-libraries-by-name',
      comment: 'Write #libs/<name>, not a relative path',
      severity: 'error',
      from: { path: '^apps/' },
      to: { path: LIBRARY, dependencyTypesNot: ['aliased-subpath-import'] },
    },
    {
      name: 'own-library-by-path',
      comment: 'Inside a library the index is not used; it would be a circle',
      severity: 'error',
      from: { path: LIBRARY },
      to: { path: '^libs/$1/', dependencyTypes: ['aliased-subpath-import'] },
    },
    {
      name: 'apps-know-libraries-only',
      comment: 'Only the all-in-one app composes the others',
      severity: 'error',
      from: { path: '^apps/([^/]+)/', pathNot: '^apps/platform/' },
      to: { path: '^(apps|test|scripts)/', pathNot: '^apps/$1/' },
    },
    {
      name: 'providers-know-neither-database-nor-http',
      severity: 'error',
      from: { path: '^libs/providers/' },
      to: {
        path: NOT_FOR_PROVIDERS.map((name) => `node_modules/(@types/)?${name.replace('@', '')}/|node_modules/${name}/`),
      },
    },
    {
      name: 'model-is-pure',
      comment: 'The vocabulary depends on no package at all',
      severity: 'error',
      from: { path: '^libs/model/', pathNot: SPEC },
      to: { dependencyTypes: ['npm', 'npm-dev', 'npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'no-development-packages-in-product-code',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: SPEC },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['npm', 'type-only'] },
    },
    {
      name: 'only-declared-packages',
      severity: 'error',
      from: { path: '^(apps|libs)/' },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
  ],
  options: {
    doNotFollow: { path: ['node_modules', 'dist'] },
    exclude: { path: '^(dist|coverage)/' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    // The default condition of #libs/* points into dist; the sources are what is checked.
    enhancedResolveOptions: { conditionNames: ['types', 'import', 'node', 'default'], exportsFields: ['exports'] },
  },
};
