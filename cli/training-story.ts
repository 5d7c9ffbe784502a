/** What the demo does through the API, in the order in which a user would: import, freeze, train, read, classify. */
import type { Client, Picture, Prediction } from '../client/client.js'
import {
  CreateDatasetDocument,
  CreateDatasetVersionDocument,
  type EpochFiguresFragment,
  FirstPictureDocument,
  ImportImagesDocument,
  type SplitInput,
  StartTrainingRunDocument,
  TrainingRunDocument,
  type TrainingRunQuery,
} from '../client/documents.js'
import { accepted } from '../client/errors.js'
import { expectImported, followImport, tellImport } from './import-progress.js'
import type { Screen } from './screen.js'
import { percent } from './terminal.js'

export interface Story {
  readonly client: Client
  readonly screen: Screen
  readonly signal: AbortSignal
}

export interface TrainingPlan {
  readonly directory: string
  readonly split: SplitInput
  readonly epochs: number
  readonly batchSize: number
  readonly imageSize: number
}

export interface LabelledPicture {
  readonly picture: Picture
  readonly label: string
}

type FinishedRun = Extract<TrainingRunQuery['node'], { readonly __typename: 'TrainingRun' }>

/** @returns the id of the dataset, with its pictures in */
export async function importPictures({ client, screen, signal }: Story, directory: string): Promise<string> {
  const { createDataset } = await client.request(CreateDatasetDocument, { input: { name: 'demo' } })
  const datasetId = accepted(createDataset).dataset.id
  const { importImages } = await client.request(ImportImagesDocument, { input: { datasetId, source: { directory } } })
  const state = await followImport({ client, screen, signal }, accepted(importImages).import)
  tellImport(indented(screen), state)
  expectImported(state)
  return datasetId
}

/** Below a step's title. */
function indented(screen: Screen): Screen {
  return { ...screen, line: (text = '') => screen.line(`  ${text}`) }
}

/** @returns the id of a frozen version of the dataset */
export async function freezeVersion(story: Story, datasetId: string, split: SplitInput): Promise<string> {
  const { createDatasetVersion } = await story.client.request(CreateDatasetVersionDocument, {
    input: { datasetId, split },
  })
  const version = accepted(createDatasetVersion).datasetVersion
  const splits = version.splits.map(({ name, imageCount }) => `${String(imageCount)} ${name}`).join(', ')
  story.screen.line(`  Version ${String(version.number)} of ${version.classNames.join(', ')}: ${splits}`)
  return version.id
}

/** Shows the run as it goes. @returns it once it has succeeded; throws its failure otherwise */
export async function trainRun(story: Story, datasetVersionId: string, plan: TrainingPlan): Promise<FinishedRun> {
  const { client } = story
  const { epochs, batchSize, imageSize } = plan
  const { startTrainingRun } = await client.request(StartTrainingRunDocument, {
    input: { datasetVersionId, name: 'demo', hyperparameters: { epochs, batchSize, imageSize } },
  })
  const { id } = accepted(startTrainingRun).trainingRun
  await showTraining(story, id)
  const { node } = await client.request(TrainingRunDocument, { id })
  if (node?.__typename !== 'TrainingRun') throw new Error('The run is gone.')
  if (node.status !== 'SUCCEEDED') throw new Error(outcomeOf(node))
  return node
}

/** How a run ended, and what to do about it. */
export function outcomeOf({ status, failure }: Pick<FinishedRun, 'status' | 'failure'>): string {
  return failure === null
    ? `${status}.`
    : `${status}: ${[failure.message, failure.suggestion?.text].filter(Boolean).join(' ')}`
}

/** Features, then each epoch as it comes, until the run ends. */
export async function showTraining({ client, screen, signal }: Story, id: string): Promise<void> {
  const features = screen.bar('Features')
  const showFeatures = async (): Promise<void> => {
    try {
      for await (const progress of client.watchProgress(id, { signal })) {
        if (progress.featuresTotal > 0) features.update(progress.featuresDone, progress.featuresTotal)
        if (progress.status !== 'QUEUED' && progress.status !== 'PREPARING') break
      }
    } finally {
      features.stop()
    }
  }
  const shown = showFeatures()
  const showEpochs = async (): Promise<void> => {
    for await (const epoch of client.watchTrainingRun(id, { signal })) {
      await shown
      if (epoch.number === 1) screen.line(EPOCH_HEAD)
      screen.line(epochLine(epoch))
    }
  }
  await Promise.all([shown, showEpochs()])
}

const EPOCH_HEAD = '  epoch   train loss  accuracy   validation loss  accuracy   seconds'

function epochLine(epoch: EpochFiguresFragment): string {
  return [
    String(epoch.number).padStart(7),
    epoch.trainLoss.toFixed(4).padStart(13),
    percent(epoch.trainAccuracy).padStart(10),
    epoch.validationLoss.toFixed(4).padStart(18),
    percent(epoch.validationAccuracy).padStart(10),
    epoch.seconds.toFixed(2).padStart(10),
  ].join('')
}

/** A picture that the run has not learnt from: of TEST, or of VALIDATION where the version has no TEST. */
export async function heldOutPicture({ client }: Story, datasetVersionId: string): Promise<LabelledPicture> {
  for (const split of ['TEST', 'VALIDATION'] as const) {
    const { node } = await client.request(FirstPictureDocument, { datasetVersionId, split })
    const edge = node?.__typename === 'DatasetVersion' ? node.images.edges[0] : undefined
    if (edge !== undefined) return { picture: { imageId: edge.node.id }, label: edge.label }
  }
  throw new Error('The version holds no picture back.')
}

export async function classifyPicture(
  { client, screen }: Story,
  checkpointId: string,
  picture: Picture,
): Promise<Prediction> {
  const prediction = await client.classify(picture, { checkpointId })
  const scores = prediction.scores.map(({ label, probability }) => `${label} ${percent(probability)}`).join(', ')
  screen.line(`  The model says: ${prediction.label} (${scores}), in ${prediction.latencyMs.toFixed(0)} ms.`)
  return prediction
}
