import js from '@eslint/js'
import graphql from '@graphql-eslint/eslint-plugin'
import reactHooks from 'eslint-plugin-react-hooks'
import { defineConfig, globalIgnores } from 'eslint/config'
import tseslint from 'typescript-eslint'

const environmentOnlyInConfig = [
  'error',
  { object: 'process', property: 'env', message: 'Only src/config reads the environment: take a Config.' },
]

/** Values, lists and refusals: known by what they hold, not by an id. */
const typesWithoutId = {
  suffixes: [
    ...['Connection', 'Edge', 'Success', 'Info', 'Metrics', 'Delta', 'Score', 'Count', 'Taken', 'Difference'],
    ...['Report', 'Ranking', 'Point', 'Bin', 'Pair', 'Figure', 'Figures'],
  ],
  types: [
    ...['InvalidInput', 'InputIssue', 'DatasetTooSmall', 'UnreadableImage', 'ImageTooLarge', 'NotCancellable'],
    ...['NotResumable', 'InUse', 'DirectoryNotAllowed', 'IdempotencyConflict', 'PictureNotKept', 'TrunkUnavailable'],
    ...['RequirementNotMet', 'Shortfall'],
    ...['RejectedFile', 'Split', 'Trunk', 'Hyperparameters', 'EarlyStopping', 'RunFailure', 'RunSuggestion'],
    ...[
      'HyperparameterChange',
      'Architecture',
      'AliasAssignment',
      'AliasDrift',
      'AliasFeedback',
      'TrainingProgress',
      'System',
    ],
    ...['ClassBalance', 'DatasetHealth', 'DuplicateImage', 'KeptDuplicates', 'LeakedImage'],
    ...[
      'TrainingRunComparison',
      'RunResult',
      'Embedding',
      'ExportedFile',
      'Explanation',
      'Neighbours',
      'NeighbourImage',
      'FeaturesNotKept',
    ],
  ],
}

export default defineConfig(
  globalIgnores([
    ...['dist', 'dist.*', 'studio/dist', 'studio/dist.*', 'data', 'coverage', '.build'],
    // Its packages are its reader's.
    'docs/examples/react.tsx',
    ...['src/database/generated', 'client/documents.ts', '**/*.documents.ts', 'studio/vite.config.ts'],
  ]),
  {
    files: ['**/*.{ts,tsx}'],
    extends: [js.configs.recommended, tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      // An indexed read that cannot miss is `as number`, which says what it becomes; `!` stays forbidden.
      '@typescript-eslint/non-nullable-type-assertion-style': 'off',
      '@typescript-eslint/no-confusing-void-expression': [
        'error',
        { ignoreArrowShorthand: true, ignoreVoidOperator: true },
      ],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // Resolvers, GraphQL types and rows are classes with decorators: some hold nothing but those.
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/no-misused-spread': ['error', { allow: ['string'] }],
      // A GraphQL type's class describes a shape: what is resolved by fields need not be made by its constructor.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      // Contradicts noPropertyAccessFromIndexSignature, which TypeScript itself checks.
      '@typescript-eslint/dot-notation': 'off',
      'max-params': ['error', 3],
      eqeqeq: 'error',
      'no-console': 'error',
      'no-restricted-properties': environmentOnlyInConfig,
    },
  },
  {
    files: ['src/config/**/*.ts', 'cli/environment.ts', 'prisma.config.ts', 'test/**/*.ts'],
    rules: { 'no-restricted-properties': 'off' },
  },
  {
    // A resolver's parameters are the schema's arguments; a block of random words is drawn in the innermost loop.
    files: ['src/**/*.resolver.ts', 'src/domain/random.ts'],
    rules: { 'max-params': 'off' },
  },
  {
    // What answers on a terminal instead of a log.
    files: ['src/tensorflow.ts', 'src/print-schema.ts'],
    rules: { 'no-console': 'off' },
  },
  {
    files: ['test/**/*.ts'],
    rules: { 'max-params': 'off', '@typescript-eslint/no-empty-function': 'off' },
  },
  {
    files: ['studio/**/*.tsx', 'studio/**/*.ts'],
    extends: [reactHooks.configs.flat.recommended],
    rules: {
      // A handler may be an async function whose failure the cache of requests keeps and shows.
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
    },
  },
  {
    files: ['**/*.{js,mjs,cjs}'],
    extends: [js.configs.recommended],
    languageOptions: {
      globals: Object.fromEntries(
        [
          'process',
          'console',
          'URL',
          'Buffer',
          'WebAssembly',
          'fetch',
          'setTimeout',
          'clearTimeout',
          'module',
          'require',
        ].map((name) => [name, 'readonly']),
      ),
    },
  },
  {
    files: ['schema.graphql'],
    plugins: { '@graphql-eslint': graphql },
    languageOptions: { parser: graphql.parser, parserOptions: { graphQLConfig: { schema: './schema.graphql' } } },
    rules: {
      ...graphql.configs['flat/schema-recommended'].rules,
      ...graphql.configs['flat/schema-relay'].rules,
      '@graphql-eslint/relay-arguments': ['error', { includeBoth: false }],
      '@graphql-eslint/relay-edge-types': ['error', { listTypeCanWrapOnlyEdgeType: false }],
      '@graphql-eslint/require-description': [
        'error',
        {
          ...{
            types: true,
            rootField: true,
            FieldDefinition: true,
            InputValueDefinition: true,
            EnumValueDefinition: true,
          },
          // The roots are their fields.
          ignoredSelectors: ['ObjectTypeDefinition[name.value=/^(Query|Mutation|Subscription)$/]'],
        },
      ],
      '@graphql-eslint/strict-id-in-types': ['error', { exceptions: typesWithoutId }],
    },
  },
)
