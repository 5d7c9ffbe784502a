import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { globalId } from '../../src/graphql/ids.js'
import { seedCheckpoint, seedRun, seedVersion } from '../runs/rows.js'
import { createTestServer, type TestServer } from '../server/server.js'

let server: TestServer
let first: string
let second: string

beforeAll(async () => {
  server = await createTestServer()
  const { prisma } = server.database
  const run = await seedRun(prisma, await seedVersion(prisma, 'animals'), { status: 'SUCCEEDED', trainerId: null })
  first = globalId('Checkpoint', (await seedCheckpoint(prisma, run.id, 1)).id)
  second = globalId('Checkpoint', (await seedCheckpoint(prisma, run.id, 2)).id)
})

afterAll(() => server.close())

async function assign(name: string, checkpointId: string) {
  const { data } = await server.ask<{ assignAlias: { __typename: string; alias?: { id: string } } }>(
    `mutation($input: AssignAliasInput!) { assignAlias(input: $input) {
      __typename
      ... on AssignAliasSuccess { alias { id name checkpoint { epoch aliases } history { checkpoint { epoch } } } }
      ... on InvalidInput { issues { path } }
      ... on NotFound { id }
    } }`,
    { input: { name, checkpointId } },
  )
  return data?.assignAlias
}

describe('aliases', () => {
  it('point where they were moved to last, and remember where they pointed', async () => {
    await assign('cats-dogs/production', first)
    const moved = await assign('cats-dogs/production', second)
    expect(moved).toMatchObject({
      __typename: 'AssignAliasSuccess',
      alias: {
        name: 'cats-dogs/production',
        checkpoint: { epoch: 2, aliases: ['cats-dogs/production'] },
        history: [{ checkpoint: { epoch: 2 } }, { checkpoint: { epoch: 1 } }],
      },
    })
    const again = await assign('cats-dogs/production', second)
    expect(again).toEqual(moved)
    const { data } = await server.ask(
      `query($id: ID!) {
        alias(name: "cats-dogs/production") { name history(first: 1) { checkpoint { epoch } } }
        none: alias(name: "Cats") { name }
        node(id: $id) { ... on Alias { checkpoint { epoch } } }
      }`,
      { id: moved?.alias?.id },
    )
    expect(data).toEqual({
      alias: { name: 'cats-dogs/production', history: [{ checkpoint: { epoch: 2 } }] },
      none: null,
      node: { checkpoint: { epoch: 2 } },
    })
  })

  it('are made once, however many ask at once, and end at the last of them', async () => {
    const answers = await Promise.all(Array.from({ length: 6 }, (_, i) => assign('raced', i % 2 ? first : second)))
    expect(new Set(answers.map((answer) => answer?.alias?.id)).size).toBe(1)
    const { data } = await server.ask<{ alias: { checkpoint: object; history: { checkpoint: object }[] } }>(
      '{ alias(name: "raced") { checkpoint { epoch } history(first: 100) { checkpoint { epoch } } } }',
    )
    expect(data?.alias.history[0]?.checkpoint).toEqual(data?.alias.checkpoint)
  })

  it('are refused by another name than the rule allows, or for no checkpoint', async () => {
    for (const name of ['', 'Production', 'a b', 'ä', 'a'.repeat(65), 'a\n']) {
      expect(await assign(name, first)).toEqual({ __typename: 'InvalidInput', issues: [{ path: ['name'] }] })
    }
    expect(await assign('a', 'nonsense')).toEqual({ __typename: 'NotFound', id: 'nonsense' })
  })

  it('are listed by name and can be deleted', async () => {
    const kept = await assign('b/1', first)
    const remove = async (name: string) => {
      const { data } = await server.ask<{ deleteAlias: object }>(
        `mutation($name: String!) { deleteAlias(input: { name: $name }) {
          ... on DeleteAliasSuccess { deletedId } ... on NotFound { id message }
        } }`,
        { name },
      )
      return data?.deleteAlias
    }
    const { data } = await server.ask<{ aliases: { name: string }[] }>('{ aliases { name } }')
    expect(data?.aliases.map((alias) => alias.name)).toEqual(['b/1', 'cats-dogs/production', 'raced'])
    expect(await remove('b/1')).toEqual({ deletedId: kept?.alias?.id })
    expect(await remove('b/1')).toEqual({ id: 'b/1', message: 'There is no alias "b/1".' })
  })
})
