/** Graft as it is used: server, trainer and Postgres as `npm start` runs them, asked through the API. */
import { realpath } from 'node:fs/promises'
import { WebSocket } from 'ws'
import { demoEnvironment } from '../cli/environment.js'
import { startGraft } from '../cli/graft-process.js'
import { createScreen } from '../cli/screen.js'
import { withTemporaryFolder } from '../cli/temporary-folder.js'
import { importPictures } from '../cli/training-story.js'
import { createClient, type Client } from '../client/client.js'
import {
  CreateDatasetVersionDocument,
  StartTrainingRunDocument,
  TrainingRunDocument,
  type HyperparametersInput,
} from '../client/documents.js'
import { accepted } from '../client/errors.js'
import { peakMemory, processesOf } from './processes.js'

export interface Splits {
  readonly train: number
  readonly validation: number
  readonly test: number
}

export interface RunningGraft {
  readonly url: string
  readonly splits: Splits
  readonly importSeconds: number
  /** From asking for the run until it has SUCCEEDED: features where they are not kept, training, evaluation. */
  fineTune(hyperparameters: HyperparametersInput, watch?: Watch): Promise<{ seconds: number; engine: string }>
  /** Of supervisor and compute child together. */
  peakBytes(): Promise<number | null>
  peakServerBytes(): Promise<number | null>
  /** Of supervisor and compute child now, in user and kernel mode. */
  trainerCpuSeconds(): Promise<number>
  /** Of the compute child; undefined where there is none, or no /proc. */
  computeNiceness(): Promise<number | undefined>
}

/** Told of each epoch as soon as it is stored. @param runId global */
export type Watch = (runId: string, epoch: number) => Promise<void>

const SIXTHS = { train: 4 / 6, validation: 1 / 6, test: 1 / 6 }
const TRAINER_PROGRAMS = ['trainer.js', 'compute.js']
const COMPUTE_PROGRAMS = ['compute.js']
const SERVER_PROGRAMS = ['server.js']

/** A fresh one, which has kept no features, with the pictures imported; gone again when `use` ends. */
export async function withGraft<Result>(
  images: string,
  signal: AbortSignal,
  use: (graft: RunningGraft) => Promise<Result>,
): Promise<Result> {
  return withTemporaryFolder(async (folder) => {
    const directory = await realpath(images)
    const settings = { HOST: '127.0.0.1', PORT: '0', GRAFT_DATA_DIR: `${folder}/data`, GRAFT_IMPORT_ROOTS: directory }
    const graft = await startGraft(demoEnvironment(settings), signal)
    const client = createClient({ url: graft.url, webSocket: WebSocket })
    try {
      const startedAt = performance.now()
      const datasetId = await importPictures({ client, screen: createScreen(process.stderr), signal }, directory)
      const importSeconds = secondsSince(startedAt)
      const { versionId, splits } = await freeze(client, datasetId)
      const fineTune: RunningGraft['fineTune'] = (hyperparameters, watch) =>
        runToEnd(client, { datasetVersionId: versionId, hyperparameters }, watch)
      const peakOf = (programs: readonly string[]) => () => peakMemory(graft.pid, programs)
      const peaks = { peakBytes: peakOf(TRAINER_PROGRAMS), peakServerBytes: peakOf(SERVER_PROGRAMS) }
      const trainerCpuSeconds = async () =>
        (await processesOf(graft.pid, TRAINER_PROGRAMS)).reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0)
      const computeNiceness = async () => (await processesOf(graft.pid, COMPUTE_PROGRAMS))[0]?.niceness
      const facts = { url: graft.url, splits, importSeconds, trainerCpuSeconds, computeNiceness }
      const using = use({ ...facts, fineTune, ...peaks })
      return await Promise.race([using, graft.ended])
    } finally {
      await client.close()
      await graft.stop()
    }
  })
}

async function freeze(client: Client, datasetId: string): Promise<{ versionId: string; splits: Splits }> {
  const { createDatasetVersion } = await client.request(CreateDatasetVersionDocument, {
    input: { datasetId, split: { fractions: SIXTHS } },
  })
  const version = accepted(createDatasetVersion).datasetVersion
  const countOf = (name: string): number => version.splits.find((split) => split.name === name)?.imageCount ?? 0
  const splits = { train: countOf('TRAIN'), validation: countOf('VALIDATION'), test: countOf('TEST') }
  return { versionId: version.id, splits }
}

interface Wish {
  readonly datasetVersionId: string
  readonly hyperparameters: HyperparametersInput
}

async function runToEnd(client: Client, input: Wish, watch?: Watch) {
  const startedAt = performance.now()
  const { startTrainingRun } = await client.request(StartTrainingRunDocument, { input })
  const { id } = accepted(startTrainingRun).trainingRun
  // The feed ends when the run does.
  for await (const { number } of client.watchTrainingRun(id)) await watch?.(id, number)
  const seconds = secondsSince(startedAt)
  const { node } = await client.request(TrainingRunDocument, { id })
  if (node?.__typename !== 'TrainingRun' || node.status !== 'SUCCEEDED')
    throw new Error(`The run did not succeed: ${JSON.stringify(node)}`)
  return { seconds, engine: node.engine === null ? 'unknown' : `${node.engine.backend} ${node.engine.version}` }
}

function secondsSince(startedAt: number): number {
  return (performance.now() - startedAt) / 1000
}
