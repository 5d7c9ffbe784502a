/** What is shared by the tests of what goes wrong beside plain deaths, tried on processes as they really run. */
import { expect } from 'vitest'
import { uuidOf } from '../../src/graphql/ids.js'
import { eventually } from '../trainer/fixture.js'
import { childrenOf, type Fleet } from './fleet.js'
import * as work from './work.js'

export const EPOCHS = 150
export const LONG = { epochs: EPOCHS, imageSize: 32, hiddenUnits: [8], batchSize: 8, learningRate: 0.01 }
export const PER_CLASS = 30

export interface Scene {
  readonly fleet: Fleet
  readonly folder: string
  readonly versionId: string
  /** A run that nothing disturbed. */
  readonly reference: string
}

export async function makeReference(fleet: Fleet): Promise<Omit<Scene, 'fleet'>> {
  const { folder, versionId } = await work.drawnVersion(fleet, PER_CLASS)
  const reference = await work.startRun(fleet, versionId, LONG)
  await work.runEnd(fleet, reference)
  return { folder, versionId, reference }
}

export async function startAndReach({ fleet, versionId }: Scene, epoch: number): Promise<string> {
  const id = await work.startRun(fleet, versionId, LONG)
  await eventually(async () => ((await latestEpoch(fleet, id)) ?? 0) >= epoch, 300_000)
  return id
}

async function latestEpoch(fleet: Fleet, id: string): Promise<number | null> {
  const sql = 'SELECT latest_epoch_number AS latest FROM training_run WHERE id = $1'
  const [row] = await fleet.query<{ latest: number | null }>(sql, [uuidOf(id, 'TrainingRun')])
  return row?.latest ?? null
}

export async function statusOf(fleet: Fleet, id: string): Promise<string | undefined> {
  const sql = 'SELECT status FROM training_run WHERE id = $1'
  const [row] = await fleet.query<{ status: string }>(sql, [uuidOf(id, 'TrainingRun')])
  return row?.status
}

export async function expectSameFigures({ fleet, reference }: Scene, id: string, attempts: number): Promise<void> {
  expect(await work.runEnd(fleet, id)).toMatchObject({ status: 'SUCCEEDED', attempts, failure: null })
  const difference = work.worstDifference(await work.epochsOf(fleet, id), await work.epochsOf(fleet, reference))
  expect(difference).toBeLessThan(1e-6)
}

/** Those of them that still live: a backend may end between the listing and its signal. */
export function signalAll(pids: readonly (number | undefined)[], signal: NodeJS.Signals): void {
  for (const pid of pids) if (pid !== undefined) signalIfAlive(pid, signal)
}

function signalIfAlive(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

export async function computeChildren(fleet: Fleet): Promise<number[]> {
  return (await Promise.all(fleet.members('trainer').map(({ process }) => childrenOf(process.pid)))).flat()
}
