/** What people do with a fleet, over its API; every call goes on until it is answered. */
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { drawFolder, type Fleet } from './fleet.js'

export interface EpochRow {
  number: number
  trainLoss: number
  validationLoss: number
  validationAccuracy: number
  macroF1: number
}

export interface RunState {
  status: string
  attempts: number
  bestCheckpoint: { id: string } | null
  evaluation: { loss: number; report: { accuracy: number } } | null
  failure: { code: string } | null
}

export interface JobState {
  state: string
  error: string | null
  added?: number
  loss?: number
}

const FINAL = ['SUCCEEDED', 'FAILED', 'CANCELLED']

/** A dataset of the folder's pictures. @returns the ids of the dataset and of its import, which may go on */
export async function importFolder(fleet: Fleet, directory: string): Promise<{ datasetId: string; importId: string }> {
  // A retry whose first try was heard would meet its own name.
  let datasetId: string | undefined
  while (datasetId === undefined) {
    const { createDataset } = await fleet.ask<{ createDataset: { dataset?: { id: string } } }>(
      'mutation($name: String!) { createDataset(input: { name: $name }) { ... on CreateDatasetSuccess { dataset { id } } } }',
      { name: randomUUID() },
    )
    datasetId = createDataset.dataset?.id
  }
  const { importImages } = await fleet.ask<{ importImages: { import: { id: string } } }>(
    `mutation($input: ImportImagesInput!) { importImages(input: $input) {
      ... on ImportImagesSuccess { import { id } } } }`,
    { input: { datasetId, source: { directory } } },
  )
  return { datasetId, importId: importImages.import.id }
}

export async function createVersion(fleet: Fleet, datasetId: string): Promise<string> {
  const { createDatasetVersion } = await fleet.ask<{ createDatasetVersion: { datasetVersion: { id: string } } }>(
    `mutation($input: CreateDatasetVersionInput!) { createDatasetVersion(input: $input) {
      ... on CreateDatasetVersionSuccess { datasetVersion { id } } } }`,
    { input: { datasetId, split: { fractions: { train: 0.6, validation: 0.2, test: 0.2 } } } },
  )
  return createDatasetVersion.datasetVersion.id
}

/** With a key of its own, so that asking again after a lost answer makes no second run. */
export async function startRun(fleet: Fleet, datasetVersionId: string, hyperparameters: object): Promise<string> {
  const { startTrainingRun } = await fleet.ask<{ startTrainingRun: { trainingRun: { id: string } } }>(
    `mutation($input: StartTrainingRunInput!) { startTrainingRun(input: $input) {
      ... on StartTrainingRunSuccess { trainingRun { id } } } }`,
    { input: { datasetVersionId, hyperparameters, idempotencyKey: randomUUID() } },
  )
  return startTrainingRun.trainingRun.id
}

export async function runState(fleet: Fleet, id: string): Promise<RunState> {
  const { node } = await fleet.ask<{ node: RunState }>(
    `query($id: ID!) { node(id: $id) { ... on TrainingRun {
      status attempts bestCheckpoint { id } evaluation { loss report { accuracy } } failure { code } } } }`,
    { id },
  )
  return node
}

export async function runEnd(fleet: Fleet, id: string): Promise<RunState> {
  for (;;) {
    const state = await runState(fleet, id)
    if (FINAL.includes(state.status)) return state
    await sleep(200)
  }
}

export async function epochsOf(fleet: Fleet, id: string): Promise<EpochRow[]> {
  const epochs: EpochRow[] = []
  for (;;) {
    const { node } = await fleet.ask<{ node: { epochs: EpochRow[] } }>(
      `query($id: ID!, $after: Int!) { node(id: $id) { ... on TrainingRun { epochs(afterEpoch: $after, first: 100) {
        number trainLoss validationLoss validationAccuracy macroF1 } } } }`,
      { id, after: epochs.at(-1)?.number ?? 0 },
    )
    if (node.epochs.length === 0) return epochs
    epochs.push(...node.epochs)
  }
}

export async function evaluate(fleet: Fleet, checkpointId: string, datasetVersionId: string): Promise<string> {
  const { evaluateCheckpoint } = await fleet.ask<{ evaluateCheckpoint: { evaluation: { id: string } } }>(
    `mutation($input: EvaluateCheckpointInput!) { evaluateCheckpoint(input: $input) {
      ... on EvaluateCheckpointSuccess { evaluation { id } } } }`,
    { input: { checkpointId, datasetVersionId, split: 'TEST' } },
  )
  return evaluateCheckpoint.evaluation.id
}

/** Of an import or an evaluation, once it has ended. */
export async function jobEnd(fleet: Fleet, id: string): Promise<JobState> {
  for (;;) {
    const { node } = await fleet.ask<{ node: JobState }>(
      `query($id: ID!) { node(id: $id) {
        ... on ImageImport { state added error } ... on Evaluation { state loss error } } }`,
      { id },
    )
    if (FINAL.includes(node.state)) return node
    await sleep(200)
  }
}

export async function classify(fleet: Fleet, checkpointId: string, picture: Buffer): Promise<string> {
  const { classify: answer } = await fleet.ask<{ classify: { prediction: { id: string } } }>(
    `mutation($input: ClassifyInput!) { classify(input: $input) {
      ... on ClassifySuccess { prediction { id } } } }`,
    { input: { model: { checkpointId }, image: { base64: picture.toString('base64') } } },
  )
  return answer.prediction.id
}

const FIGURES = ['trainLoss', 'validationLoss', 'validationAccuracy', 'macroF1'] as const

/** NaN where the epochs are not the same ones. */
export function worstDifference(epochs: readonly EpochRow[], reference: readonly EpochRow[]): number {
  if (epochs.map(({ number }) => number).join() !== reference.map(({ number }) => number).join()) return NaN
  const differences = epochs.flatMap((epoch, i) =>
    FIGURES.map((figure) => Math.abs(epoch[figure] - (reference[i]?.[figure] ?? NaN))),
  )
  return Math.max(...differences)
}

/** A version of drawn pictures, imported by the fleet. */
export async function drawnVersion(fleet: Fleet, perClass: number): Promise<{ folder: string; versionId: string }> {
  const folder = await drawFolder(fleet, 'drawn', perClass)
  const { datasetId, importId } = await importFolder(fleet, folder)
  await jobEnd(fleet, importId)
  return { folder, versionId: await createVersion(fleet, datasetId) }
}

export async function cancelRun(fleet: Fleet, trainingRunId: string): Promise<void> {
  await fleet.ask(`mutation($input: CancelTrainingRunInput!) { cancelTrainingRun(input: $input) { __typename } }`, {
    input: { trainingRunId },
  })
}
