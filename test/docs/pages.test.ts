import { buildSchema, type GraphQLSchema, Kind, parse, validate } from 'graphql'
import { readdir, readFile } from 'node:fs/promises'
import { beforeAll, describe, expect, it } from 'vitest'
import { limitSettings } from '../../src/config/limits.setting.js'
import { settings } from '../../src/config/settings.js'

const root = new URL('../../', import.meta.url)

interface Block {
  place: string
  text: string
}

/** Every ```graphql block of a page. */
async function blocksOf(page: string): Promise<Block[]> {
  const markdown = await readFile(new URL(page, root), 'utf8')
  return [...markdown.matchAll(/^```graphql\n([\s\S]*?)^```$/gm)].map((match) => ({
    place: `${page}:${String(markdown.slice(0, match.index).split('\n').length)}`,
    text: match[1] ?? '',
  }))
}

/** Every operation of a program among the examples: in a template of GraphQL, or quoted in a shell's script. */
async function operationsOf(example: string): Promise<Block[]> {
  const program = await readFile(new URL(example, root), 'utf8')
  const quoted = /(?:gql(?:<.*>)?|\/\* GraphQL \*\/ )`([^`]*)`|'((?:query|mutation|subscription) [^']*)'/g
  return [...program.matchAll(quoted)].map(([, template, text], i) => ({
    place: `${example}, operation ${String(i + 1)}`,
    text: template ?? text ?? '',
  }))
}

const pages = [
  'README.md',
  ...(await readdir(new URL('docs/', root))).filter((name) => name.endsWith('.md')).map((name) => `docs/${name}`),
]
const examples = ['docs/examples/react.tsx', 'docs/examples/camera.html', 'docs/examples/curl.sh']
const blocks = (await Promise.all([...pages.map(blocksOf), ...examples.map(operationsOf)])).flat()
const clientOperations = parse(await readFile(new URL('client/operations.graphql', root), 'utf8'))

describe('operations that people copy', () => {
  let schema: GraphQLSchema
  beforeAll(async () => {
    schema = buildSchema(await readFile(new URL('schema.graphql', root), 'utf8'))
  })

  it.each(blocks)('fit the schema: $place', ({ text }) => {
    expect(validate(schema, parse(text)).map((error) => error.message)).toEqual([])
  })

  it("fit the schema: the client's own", () => {
    expect(validate(schema, clientOperations).map((error) => error.message)).toEqual([])
    expect(
      clientOperations.definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION).length,
    ).toBeGreaterThan(10)
  })

  it('are found in the README, in the tour and in the examples', () => {
    for (const page of ['README.md', 'docs/api-tour.md', 'docs/live-training.md', ...examples]) {
      expect(
        blocks.some(({ place }) => place.startsWith(page)),
        page,
      ).toBe(true)
    }
  })
})

describe('links between pages', () => {
  it.each(pages)('lead somewhere: %s', async (page) => {
    const markdown = await readFile(new URL(page, root), 'utf8')
    const links = [...markdown.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map((match) => match[1] ?? '')
    const missing = await Promise.all(
      links.map(async (link) => {
        const target = new URL(link, new URL(page, root))
        return readFile(target).then(
          () => [],
          () =>
            readdir(target).then(
              () => [],
              () => [link],
            ),
        )
      }),
    )
    expect(missing.flat()).toEqual([])
  })
})

it('names no setting in the README that is not one', async () => {
  const markdown = await readFile(new URL('README.md', root), 'utf8')
  const named = [...markdown.matchAll(/`((?:GRAFT_|DATABASE_)[A-Z_]+)/g)].map((match) => match[1] ?? '')
  const known = Object.keys({ ...settings, ...limitSettings })
  expect(named.length).toBeGreaterThan(10)
  expect(named.filter((name) => !known.includes(name))).toEqual([])
})
