/** Requests that nobody sends in good faith, each with the code that it is answered with on every transport. */
type Body = Record<string, unknown>
type DocumentCase = readonly [name: string, code: string | undefined, body: Body]

const many = (count: number, part: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => part(i)).join(' ')
const nested = (count: number, [before, after]: readonly [string, string], inside = ''): string =>
  before.repeat(count) + inside + after.repeat(count)
const query = (text: string, variables?: unknown): Body =>
  variables === undefined ? { query: text } : { query: text, variables }
const cursor = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')
const page = (args: string): string => `{ datasets(${args}) { nodes { id } } }`
const AFTER = 'query($after: String) { datasets(after: $after) { nodes { id } } }'
const NAMED = 'query($name: String!) { dataset(name: $name) { id } }'
const FIRST = 'query($first: Int) { datasets(first: $first) { nodes { id } } }'

/** Each spreads the next twice: 2^30 fields from a few lines. */
const FRAGMENT_BOMB = `{ ...F0 } ${many(30, (i) => `fragment F${String(i)} on Query { ${i < 29 ? `...F${String(i + 1)} ...F${String(i + 1)}` : '__typename'} }`)}`
const WIDE_LISTS = `{ datasets(first: 100) { nodes { images(first: 100) { nodes { dataset { versions(first: 100) { nodes { id } } } } } } } }`

const COMPLEX = 'QUERY_TOO_COMPLEX'
const BAD = 'BAD_USER_INPUT'

export const DOCUMENTS: readonly DocumentCase[] = [
  ['aliases of one field', COMPLEX, query(`{ node(id: "x") { ${many(51, (i) => `a${String(i)}: id`)} } }`)],
  ['aliases of a root field', COMPLEX, query(`{ ${many(21, (i) => `a${String(i)}: system { version }`)} }`)],
  [
    'aliases in a fragment that is spread again and again',
    COMPLEX,
    query(
      `{ ${many(6, (i) => `n${String(i)}: node(id: "x") { ...F }`)} } fragment F on Node { ${many(9, (i) => `a${String(i)}: id`)} }`,
    ),
  ],
  [
    'aliases in inline fragments',
    COMPLEX,
    query(`{ node(id: "x") { ${many(60, (i) => `... on Node { a${String(i)}: id }`)} } }`),
  ],
  ['a fragment that spreads itself', BAD, query('{ ...F } fragment F on Query { __typename ...F }')],
  [
    'two fragments that spread each other',
    BAD,
    query('{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }'),
  ],
  [
    'a cycle through a field',
    BAD,
    query(
      '{ node(id: "x") { ...A } } fragment A on Node { id ... on Dataset { images { nodes { dataset { ...A } } } } }',
    ),
  ],
  ['a bomb of fragments', COMPLEX, query(FRAGMENT_BOMB)],
  [
    'a chain of fragments',
    undefined,
    query(
      `{ ...F0 } ${many(600, (i) => `fragment F${String(i)} on Query { ${i < 599 ? `...F${String(i + 1)}` : '__typename'} }`)}`,
    ),
  ],
  [
    'fragments that nobody spreads',
    BAD,
    query(`{ __typename } ${many(500, (i) => `fragment F${String(i)} on Query { __typename }`)}`),
  ],
  ['a fragment on nothing', BAD, query('{ ... on Nothing { id } }')],
  ['directives on one field', COMPLEX, query(`{ __typename ${many(51, () => '@include(if: true)')} }`)],
  ['directives over many fields', COMPLEX, query(`{ node(id: "x") { ${many(51, () => 'id @skip(if: false)')} } }`)],
  [
    'directives on the operation and its variables',
    COMPLEX,
    query(`query($x: Int ${many(51, () => '@deprecated')}) { __typename }`),
  ],
  ['a directive that nobody knows', BAD, query('{ __typename @evil(run: "rm -rf /") }')],
  ['a directive twice that may be there once', BAD, query('{ __typename @include(if: true) @include(if: true) }')],
  [
    'depth',
    COMPLEX,
    query(`{ node(id: "x") { ... on Image ${nested(5, ['{ dataset { images { nodes ', '} } }'], '{ id }')} } }`),
  ],
  [
    'depth through fragments',
    COMPLEX,
    query(
      `{ node(id: "x") { ...A } } fragment A on Image { dataset { images { nodes { ...B } } } } fragment B on Image { dataset { images { nodes { ...C } } } } fragment C on Image { dataset { images { nodes { ...D } } } } fragment D on Image { dataset { images { nodes { dataset { images { nodes { id } } } } } } }`,
    ),
  ],
  ['inline fragments in each other', undefined, query(nested(1_200, ['{ ... ', '}'], '{ __typename }'))],
  [
    'depth of introspection',
    COMPLEX,
    query(`{ __schema { types { ${nested(12, ['fields { type { ', '} }'], 'name')} } } }`),
  ],
  ['lists in lists', COMPLEX, query(`{ dataset(name: ${'['.repeat(4_900)}) { id } }`)],
  ['objects in objects', COMPLEX, query(`{ dataset(name: ${'{a:'.repeat(2_400)}) { id } }`)],
  ['thousands of tokens', COMPLEX, query(`{ ${'id '.repeat(6_000)} }`)],
  ['a long comment', COMPLEX, query(`{ __typename } #${'x'.repeat(100_001)}`)],
  ['a long name', BAD, query(`{ ${'x'.repeat(90_000)} }`)],
  ['a long string', undefined, query(`{ dataset(name: "${'x'.repeat(90_000)}") { id } }`)],
  ['a long block string', undefined, query(`{ dataset(name: """${'\n x'.repeat(30_000)}""") { id } }`)],
  ['one selection of many fields', COMPLEX, query(`{ node(id: "x") { ${'id '.repeat(900)} } }`)],
  [
    'fields that conflict with each other',
    BAD,
    query(`{ system { version } system { ${many(190, (i) => `version${String(i)}`)} } }`),
  ],
  [
    'hundreds of operations',
    undefined,
    { ...query(many(500, (i) => `query Q${String(i)} { __typename }`)), operationName: 'Q7' },
  ],
  ['hundreds of variables', BAD, query(`query(${many(900, (i) => `$v${String(i)}: Int`)}) { __typename }`)],
  ['lists that multiply', COMPLEX, query(WIDE_LISTS)],
  [
    'lists that multiply by a variable',
    COMPLEX,
    query(`query($n: Int) ${WIDE_LISTS.replaceAll('100', '$n')}`, { n: 100 }),
  ],
  ['a page of too many', BAD, query(page('first: 101'))],
  ['a page of less than none', BAD, query(page('first: -1'))],
  ['a page beyond integers', BAD, query(FIRST, { first: 2 ** 31 })],
  ['a page beyond numbers', BAD, query(page(`first: ${'9'.repeat(5_000)}`))],
  ['a page that is a word', BAD, query(FIRST, { first: '1 OR 1=1' })],
  ['a page that is a fraction', BAD, query(FIRST, { first: 1.5 })],
  ['an offset', BAD, query(page('offset: 100000000'))],
  ['a cursor of nobody', BAD, query(AFTER, { after: 'nonsense' })],
  [
    'a cursor of another connection',
    BAD,
    query(AFTER, {
      after: cursor(['AAAAAAAAAAAA', ['2026-01-01T00:00:00.000Z', '01934f4e-7c1d-7000-8000-0123456789ab']]),
    }),
  ],
  [
    'a cursor of nested lists',
    BAD,
    query(AFTER, { after: Buffer.from(nested(30_000, ['[', ']'])).toString('base64url') }),
  ],
  ['a cursor that is a query', BAD, query(AFTER, { after: cursor(['x', ["'; DROP TABLE dataset; --", null]]) })],
  ['a cursor of zeros', BAD, query(AFTER, { after: '\u0000'.repeat(1_000) })],
  ['a long cursor', BAD, query(AFTER, { after: 'A'.repeat(500_000) })],
  [
    'too many ids',
    COMPLEX,
    query('query($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids: Array.from({ length: 101 }, () => 'x') }),
  ],
  [
    'an id that is a path',
    undefined,
    query('query($id: ID!) { node(id: $id) { id } }', { id: '../../../../etc/passwd' }),
  ],
  [
    'an id of a prototype',
    undefined,
    query('{ a: node(id: "__proto__") { id } b: node(id: "Y29uc3RydWN0b3I6MQ") { id } }'),
  ],
  ['a long id', undefined, query('query($id: ID!) { node(id: $id) { id } }', { id: 'x'.repeat(900_000) })],
  [
    'variables nested without end',
    BAD,
    { query: NAMED, variables: { name: JSON.parse(nested(1_000, ['[', ']'])) as unknown } },
  ],
  [
    'variables that name the prototype',
    BAD,
    { query: NAMED, variables: JSON.parse('{"__proto__": {"name": "x"}, "constructor": 1}') as unknown },
  ],
  [
    'a hundred thousand variables',
    BAD,
    { query: NAMED, variables: Object.fromEntries(Array.from({ length: 60_000 }, (_, i) => [`v${String(i)}`, i])) },
  ],
  [
    'a number beyond every range',
    BAD,
    query('mutation($n: BigInt!) { createUpload(input: { fileName: "x", byteSize: $n }) { __typename } }', {
      n: 1e300,
    }),
  ],
  ['an operation that is not there', BAD, { query: '{ __typename }', operationName: 'Evil' }],
  ['two operations without names', BAD, query('{ __typename } { __typename }')],
  ['no text', BAD, query('')],
  ['nothing but space', BAD, query(' \n\t,,, ')],
  ['a type instead of an operation', BAD, query('type Query { evil: String }')],
  [
    'a subscription of two fields',
    BAD,
    query('subscription { a: trainingRunChanged { id } b: trainingRunChanged { id } }'),
  ],
  ['a subscription to introspection', BAD, query('subscription { __schema { description } }')],
  [
    'a NUL character',
    BAD,
    query('query($n: String) { trainingRuns(filter: { nameContains: $n }) { totalCount } }', { n: '\u0000' }),
  ],
  ['half a character', undefined, query(NAMED, { name: '\ud800' })],
  [
    'patterns for a search',
    undefined,
    query('{ trainingRuns(filter: { nameContains: "%_%_%_%_%_%_%_%_%_%_\\\\" }) { totalCount } }'),
  ],
  ['a hash of nothing', 'NOT_FOUND', { extensions: { persistedQuery: { version: 1, sha256Hash: 'x' } } }],
  [
    'a hash that is none',
    BAD,
    { query: '{ __typename }', extensions: { persistedQuery: { version: 1, sha256Hash: 'x' } } },
  ],
  [
    'a picture of nonsense',
    undefined,
    query(
      'mutation($b: String!) { classify(input: { image: { base64: $b }, model: { alias: "x" } }) { __typename } }',
      { b: 'A'.repeat(3_000_000) },
    ),
  ],
]

/** Values of `authorization` that are no token. */
export const FORGED_TOKENS: readonly string[] = [
  '',
  'Bearer',
  'Bearer ',
  'Bearer undefined',
  'Bearer null',
  'Basic cmVhZGVyOnJlYWRlcg==',
  'Bearer reader-secret-012345678',
  'Bearer reader-secret-01234567890',
  'Bearer READER-SECRET-0123456789',
  'Bearer reader-secret-0123456789 x',
  'Bearer reader-secret-0123456789,writer-secret-0123456789',
  `Bearer graft_${'0'.repeat(32)}_${'A'.repeat(43)}`,
  `Bearer graft_${'0'.repeat(32)}_`,
  `Bearer ${'A'.repeat(8_000)}`,
  "Bearer ' OR 1=1 --",
]
