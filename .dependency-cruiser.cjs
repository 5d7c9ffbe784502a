// The rooms of docs/architecture.md: what each may use. A room that is not named here may use nothing.
const DOMAIN = ['domain']
const BELOW_THE_NOUNS = [
  'config',
  'domain',
  'database',
  'storage',
  'jobs',
  'events',
  'images',
  'network',
  'engine',
].concat(['inference', 'features', 'training', 'evaluation', 'inspection', 'weights', 'graphql'])

const MAY_USE = {
  config: [],
  domain: [],
  database: ['config', 'domain'],
  storage: ['config', 'domain'],
  jobs: ['database', 'domain'],
  events: ['database', 'domain'],
  images: DOMAIN,
  network: DOMAIN,
  evaluation: DOMAIN,
  weights: ['domain', 'network', 'storage'],
  engine: ['domain', 'network'],
  inference: ['config', 'domain', 'network', 'images'],
  inspection: ['domain', 'images', 'inference', 'evaluation'],
  features: ['domain', 'network', 'inference', 'engine', 'images', 'storage'],
  training: ['domain', 'network', 'engine', 'evaluation'],
  graphql: ['config', 'domain', 'events', 'database'],
  monitoring: ['config', 'domain', 'database', 'storage', 'jobs', 'events', 'graphql', 'supervisor'],
}

// A noun adds its fields to another's type itself, so a parent never imports a child.
const NOUNS = ['tokens', 'uploads', 'datasets', 'runs', 'inspections', 'checkpoints', 'evaluations', 'predictions']
NOUNS.forEach((noun, i) => {
  MAY_USE[noun] = [...BELOW_THE_NOUNS, ...NOUNS.slice(0, i)]
})

// The halves of the trainer: parts of its composition roots.
MAY_USE.compute = BELOW_THE_NOUNS.filter((room) => !['database', 'jobs', 'events', 'graphql'].includes(room))
// The messages between the halves are the compute child's.
MAY_USE.supervisor = [...BELOW_THE_NOUNS, ...NOUNS, 'compute']
// Looks at what the others need.
MAY_USE.doctor = ['config', 'database', 'engine', 'storage']

const rooms = Object.entries(MAY_USE).map(([room, others]) => ({
  name: `room-${room}`,
  comment: `src/${room} may use ${others.length > 0 ? others.join(', ') : 'no other room'}.`,
  severity: 'error',
  from: { path: `^src/${room}/` },
  to: { path: '^(src|client|cli)/', pathNot: [room, ...others].map((name) => `^src/${name}/`) },
}))

const WORLD = '(^|/)node_modules/(@prisma|prisma|pg|pg-boss|graphql|type-graphql|fastify|@apollo|ws|graphql-ws)/'

module.exports = {
  forbidden: [
    ...rooms,
    {
      name: 'no-unknown-room',
      comment: 'A new room gets its line in MAY_USE and in docs/architecture.md.',
      severity: 'error',
      from: { path: '^src/[^/]+/', pathNot: `^src/(${Object.keys(MAY_USE).join('|')})/` },
      to: {},
    },
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'pure-rooms',
      comment: 'The network, its training and its figures know no database, queue or API.',
      severity: 'error',
      from: { path: '^src/(domain|network|engine|training|evaluation|images|inference|features|inspection)/' },
      to: { path: WORLD },
    },
    {
      name: 'resolvers-hold-no-database',
      severity: 'error',
      from: { path: '\\.resolver\\.ts$' },
      to: { path: '(\\.repository\\.ts$|^src/database/)', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'services-hold-no-graphql',
      severity: 'error',
      from: { path: '\\.service\\.ts$' },
      to: { path: '((^|/)node_modules/(graphql|type-graphql)/|\\.resolver\\.ts$)' },
    },
    {
      name: 'client-knows-the-schema-only',
      severity: 'error',
      from: { path: '^client/' },
      to: { path: '^(src|cli|test|scripts)/' },
    },
    {
      name: 'command-line-uses-the-client-only',
      severity: 'error',
      from: { path: '^cli/' },
      to: { path: '^(src|test|scripts)/' },
    },
    {
      name: 'studio-uses-the-client-only',
      severity: 'error',
      from: { path: '^studio/' },
      to: { path: '^(src|cli|test|scripts)/' },
    },
    {
      name: 'nothing-imports-tests',
      severity: 'error',
      from: { path: '^(src|client|cli|studio)/' },
      to: { path: '^test/' },
    },
    {
      name: 'resolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'no-dev-packages-at-run-time',
      severity: 'error',
      from: { path: '^(src|client|cli|studio)/' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(src/database/generated|studio/dist)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
}
