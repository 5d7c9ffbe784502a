import { networkParts, writeCheckpoint } from '../training/checkpoint-file.js'
import type { StateDict } from '../network/weights.js'
import { PREPROCESSING_VERSION } from '../images/image.tensor.js'
import { BlobCorruptError, BlobMissingError } from '../storage/storage.errors.js'
import { readResume, writeResume } from '../training/resume-state.js'
import { train } from '../training/train.js'
import type { EpochEvent, PictureSource, ResumeState } from '../training/training.type.js'
import type { EvaluatedNetwork } from './evaluate.js'
import { loadCheckpoint } from './load-checkpoint.js'
import type { FinishedEpoch, StoredCheckpoint } from './messages.js'
import type { RunContext } from './run-context.js'
import { startNetwork } from './start-network.js'
import { canonicalTrainedTrunk } from './trained-trunk.js'

export interface Lesson {
  readonly trunkSha256: string
  readonly train: PictureSource
  readonly validation: PictureSource
}

/**
 * Trains from the start or from the last stored epoch to the end.
 * @returns the best network, also if it is one of an earlier attempt
 */
export async function learn(context: RunContext, lesson: Lesson): Promise<EvaluatedNetwork> {
  const { task, manifest, engine, link, progress, figures, signal } = context
  const { hyperparameters } = task
  const { classNames } = manifest
  const resume = await readResumeState(context)
  const network = resume?.network ?? (await networkToStartFrom(context, lesson))
  const { train: trainPictures, validation } = lesson
  let best: EvaluatedNetwork | null = null
  figures.pause()
  for await (const event of train({
    engine,
    hyperparameters,
    classNames,
    train: trainPictures,
    validation,
    network,
    signal,
    ...(resume && { resume }),
  })) {
    if (event.type === 'step') {
      progress.step(event)
      figures.step()
      continue
    }
    progress.flush()
    if (event.isBest) best = { epoch: event.epoch.number, network: event.network }
    logEpoch(event, context)
    await link.ask({ type: 'epoch', ...(await storeEpoch(event, context, lesson)) }, 'stored', signal)
    figures.pause()
  }
  signal.throwIfAborted()
  return best ?? readBest(context)
}

function logEpoch({ epoch, isBest }: EpochEvent, { log }: RunContext): void {
  const { number, trainLoss, validationLoss, validationAccuracy, seconds, imagesPerSecond } = epoch
  const figures = { trainLoss, validationLoss, validationAccuracy, seconds, imagesPerSecond }
  log.info({ epoch: number, isBest, ...figures }, 'An epoch was trained.')
}

async function storeEpoch(event: EpochEvent, context: RunContext, lesson: Lesson): Promise<FinishedEpoch> {
  const { task, storage } = context
  return {
    epoch: event.epoch,
    checkpoint: event.isBest ? await storeCheckpoint(event, context, lesson) : null,
    // The run's id keeps another run's equal state from being the same blob, which the other would delete.
    resume: await storage.put(writeResume(event.resume, { runId: task.runId })),
  }
}

async function storeCheckpoint(
  { epoch, network }: EpochEvent,
  { task, manifest, storage, trunks }: RunContext,
  { trunkSha256 }: Lesson,
): Promise<StoredCheckpoint> {
  const { runId, hyperparameters } = task
  const file = {
    runId,
    epoch: epoch.number,
    classNames: manifest.classNames,
    hyperparameters,
    trunkSha256,
    preprocessingVersion: PREPROCESSING_VERSION,
    ...networkParts(network),
  }
  const isDeep = file.trunk.size > 0
  const trainedTrunkSha256 = isDeep ? (await canonicalTrainedTrunk(file, trunks)).sha256 : null
  return { ...(await storage.put(writeCheckpoint(file))), trainedTrunkSha256 }
}

async function networkToStartFrom(
  { task, manifest, storage, trunks }: RunContext,
  { trunkSha256 }: Lesson,
): Promise<StateDict> {
  const { hyperparameters, fromCheckpointSha256 } = task
  const from = fromCheckpointSha256 === null ? null : await loadCheckpoint(storage, fromCheckpointSha256)
  const trunk = hyperparameters.trainableLayers === 'HEAD' ? new Map() : await trunks.load(trunkSha256)
  return startNetwork({ hyperparameters, classNames: manifest.classNames, trunk }, from)
}

/** A state that is lost costs time only: the same epochs come again. */
async function readResumeState({ task, storage }: RunContext): Promise<ResumeState | undefined> {
  if (task.resumeSha256 === null) return undefined
  try {
    return readResume(await storage.read(task.resumeSha256))
  } catch (error) {
    if (error instanceof BlobMissingError || error instanceof BlobCorruptError) return undefined
    throw error
  }
}

async function readBest({ task, storage }: RunContext): Promise<EvaluatedNetwork> {
  if (task.best === null) throw new Error('No epoch was the best one.')
  const { epoch, sha256 } = task.best
  const { head, trunk } = await loadCheckpoint(storage, sha256)
  return { epoch, network: new Map([...head, ...trunk]) }
}
