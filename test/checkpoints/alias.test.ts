import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { globalId, uuidOf } from '../../src/graphql/ids.js'
import { seedCheckpoint, seedRun, seedVersion, type SeededVersion } from '../runs/rows.js'
import { createTestServer, type TestServer } from '../server/server.js'

let server: TestServer
let first: string
let second: string
let version: SeededVersion

beforeAll(async () => {
  server = await createTestServer()
  const { prisma } = server.database
  version = await seedVersion(prisma, 'animals')
  const run = await seedRun(prisma, version, { status: 'SUCCEEDED', trainerId: null })
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

async function revert(name: string) {
  const { data } = await server.ask<{ revertAlias: object }>(
    `mutation($name: String!) { revertAlias(input: { name: $name }) {
      __typename
      ... on RevertAliasSuccess { alias { checkpoint { epoch } history { checkpoint { epoch } } } }
      ... on InvalidInput { issues { path } }
      ... on NotFound { id }
    } }`,
    { name },
  )
  return data?.revertAlias
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

  it('go back to where they pointed before, and forth again, and remember all of it', async () => {
    await assign('reverted', first)
    expect(await revert('reverted')).toMatchObject({ __typename: 'InvalidInput', issues: [{ path: ['name'] }] })
    await assign('reverted', second)
    expect(await revert('reverted')).toMatchObject({
      __typename: 'RevertAliasSuccess',
      alias: { checkpoint: { epoch: 1 } },
    })
    expect(await revert('reverted')).toMatchObject({
      alias: { checkpoint: { epoch: 2 }, history: [2, 1, 2, 1].map((epoch) => ({ checkpoint: { epoch } })) },
    })
    expect(await revert('Nobody')).toEqual({ __typename: 'NotFound', id: 'Nobody' })
    expect(await revert('nobody')).toEqual({ __typename: 'NotFound', id: 'nobody' })
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
    const names = data?.aliases.map((alias) => alias.name)
    expect(names).toEqual(['b/1', 'cats-dogs/production', 'raced', 'reverted'])
    expect(await remove('b/1')).toEqual({ deletedId: kept?.alias?.id })
    expect(await remove('b/1')).toEqual({ id: 'b/1', message: 'There is no alias "b/1".' })
  })
})

describe('a requirement', () => {
  /** A checkpoint that was right so often on the TEST of a version; null for none that was evaluated. */
  async function seedEvaluated(right: number | null, versionId = version.versionId): Promise<string> {
    const { prisma } = server.database
    const run = await seedRun(prisma, version, { status: 'SUCCEEDED', trainerId: null })
    const { id } = await seedCheckpoint(prisma, run.id, 1)
    if (right !== null) await evaluate(id, right, versionId)
    return globalId('Checkpoint', id)
  }

  async function evaluate(checkpointId: string, right: number, datasetVersionId: string): Promise<void> {
    const confusionMatrix = [
      [right, 10 - right],
      [0, 10],
    ]
    await server.database.prisma.evaluation.create({
      data: { checkpointId, datasetVersionId, split: 'TEST', state: 'SUCCEEDED', confusionMatrix },
    })
  }

  async function assignIf(name: string, checkpointId: string, require: object) {
    const { data, errors } = await server.ask<{ assignAlias: object }>(
      `mutation($input: AssignAliasInput!) { assignAlias(input: $input) {
        __typename
        ... on AssignAliasSuccess { alias { checkpoint { id } } }
        ... on RequirementNotMet { message shortfalls { figure required found missingBy } }
        ... on InvalidInput { issues { path } }
      } }`,
      { input: { name, checkpointId, require } },
    )
    if (!data) throw new Error(JSON.stringify(errors))
    return data.assignAlias
  }

  const accuracyOf = (right: number): number => (right + 10) / 20

  it('lets a good enough checkpoint through and says by how much another falls short', async () => {
    const [good, poor] = [await seedEvaluated(9), await seedEvaluated(5)]
    expect(await assignIf('gated', poor, { minTestAccuracy: 0.9, minMacroF1: 0.1 })).toEqual({
      __typename: 'RequirementNotMet',
      message: 'Its accuracy on TEST is 0.75, 0.15 below the 0.9 required.',
      shortfalls: [
        {
          ...{ figure: 'TEST_ACCURACY', required: 0.9, found: accuracyOf(5) },
          missingBy: expect.closeTo(0.9 - accuracyOf(5), 12) as number,
        },
      ],
    })
    const { data } = await server.ask('{ alias(name: "gated") { name } }')
    expect(data).toEqual({ alias: null })
    expect(await assignIf('gated', good, { minTestAccuracy: 0.9 })).toMatchObject({
      __typename: 'AssignAliasSuccess',
    })
  })

  it('is asked of what the name points to already as well, but no gain over itself', async () => {
    const holder = await seedEvaluated(5)
    await assignIf('held', holder, {})
    expect(await assignIf('held', holder, { minTestAccuracy: 0.9 })).toMatchObject({
      __typename: 'RequirementNotMet',
      shortfalls: [{ figure: 'TEST_ACCURACY', found: accuracyOf(5) }],
    })
    expect(await assignIf('held', holder, { minTestAccuracy: 0.7, minTestAccuracyGain: 0.1 })).toMatchObject({
      __typename: 'AssignAliasSuccess',
    })
  })

  it('compares with what the name points to, on the same pictures', async () => {
    const [holder, better, worse] = [await seedEvaluated(8), await seedEvaluated(9), await seedEvaluated(7)]
    const gain = { minTestAccuracyGain: 0, minMacroF1Gain: 0 }
    expect(await assignIf('champion', holder, gain)).toMatchObject({ __typename: 'AssignAliasSuccess' })
    expect(await assignIf('champion', worse, gain)).toMatchObject({
      __typename: 'RequirementNotMet',
      shortfalls: [{ figure: 'TEST_ACCURACY', required: accuracyOf(8), found: accuracyOf(7) }, { figure: 'MACRO_F1' }],
    })
    expect(await assignIf('champion', worse, { minTestAccuracyGain: -0.05 })).toMatchObject({
      __typename: 'AssignAliasSuccess',
    })
    expect(await assignIf('champion', better, { minTestAccuracyGain: 0.1 })).toMatchObject({
      __typename: 'AssignAliasSuccess',
    })
  })

  it('takes no figure for another: without an evaluation, or one on the same version, it is not met', async () => {
    const other = await server.database.prisma.datasetVersion.create({
      data: {
        datasetId: version.datasetId,
        number: 2,
        digest: 'other',
        classNames: ['cat', 'dog'],
        counts: {},
        seed: 0,
      },
    })
    const [holder, elsewhere, never] = [
      await seedEvaluated(5),
      await seedEvaluated(9, other.id),
      await seedEvaluated(null),
    ]
    await assignIf('apart', holder, {})
    expect(await assignIf('apart', never, { minMacroF1: 0.1 })).toMatchObject({
      shortfalls: [{ figure: 'MACRO_F1', required: 0.1, found: null, missingBy: null }],
      message: expect.stringContaining('evaluate it') as string,
    })
    const gain = { minTestAccuracyGain: 0 }
    expect(await assignIf('apart', elsewhere, gain)).toMatchObject({
      shortfalls: [{ figure: 'TEST_ACCURACY', required: null, found: null, missingBy: null }],
    })
    await evaluate(uuidOf(holder, 'Checkpoint') ?? '', 6, other.id)
    expect(await assignIf('apart', elsewhere, gain)).toMatchObject({ __typename: 'AssignAliasSuccess' })
  })

  it('is refused where it makes no sense', async () => {
    expect(await assignIf('gated', first, { minTestAccuracy: 2, minMacroF1Gain: -2 })).toEqual({
      __typename: 'InvalidInput',
      issues: [{ path: ['require', 'minTestAccuracy'] }, { path: ['require', 'minMacroF1Gain'] }],
    })
  })
})

describe('the feedback of an alias', () => {
  async function predict(alias: string, checkpointId: string, labels: [label: string, correctLabel: string | null]) {
    const [label, correctLabel] = labels
    const { id } = await server.database.prisma.prediction.create({
      data: {
        ...{ alias, label, correctLabel, confidence: 0.9, scores: [], imageSha256: '0'.repeat(64), latencyMs: 1 },
        checkpointId: uuidOf(checkpointId, 'Checkpoint') ?? null,
      },
    })
    return id
  }

  it('counts what callers said of its present checkpoint, and has no accuracy before', async () => {
    const feedback = async (): Promise<unknown> =>
      (await server.ask<{ aliases: unknown[] }>('{ aliases { name feedback { count correct accuracy } } }')).data
        ?.aliases
    await assign('judged', first)
    await predict('judged', first, ['cat', 'dog'])
    await assign('judged', second)
    expect(await feedback()).toContainEqual({ name: 'judged', feedback: { count: 0, correct: 0, accuracy: null } })
    await predict('judged', second, ['cat', 'cat'])
    await predict('judged', second, ['dog', 'dog'])
    await predict('judged', second, ['cat', 'dog'])
    await predict('judged', second, ['cat', null])
    await predict('b/2', second, ['cat', 'cat'])
    expect(await feedback()).toContainEqual({ name: 'judged', feedback: { count: 3, correct: 2, accuracy: 2 / 3 } })
  })
})
