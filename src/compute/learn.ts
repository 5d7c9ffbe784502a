import { canonicalTrunk } from '../network/trunk.canonical.js'
import type { StateDict } from '../network/weights.js'
import { PREPROCESSING_VERSION } from '../images/image.tensor.js'
import { BlobLostError } from '../storage/storage.errors.js'
import { networkParts, writeCheckpoint, type CheckpointFile } from '../training/checkpoint-file.js'
import { readResume, writeResume } from '../training/resume-state.js'
import { train } from '../training/train.js'
import type { EpochEvent, PictureSource, ResumeState } from '../training/training.type.js'
import type { EvaluatedNetwork } from './evaluate.js'
import { loadCheckpoint } from './load-checkpoint.js'
import type { FinishedEpoch, StoredCheckpoint } from './messages.js'
import type { RunContext } from './run-context.js'
import { startNetwork } from './start-network.js'

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
  const start = await startingPoint(context, lesson, resume)
  const { train: trainPictures, validation } = lesson
  const store = async (event: EpochEvent): Promise<void> => {
    const epoch = await storeEpoch(event, context, { ...lesson, frozen: start.frozen })
    await link.ask({ type: 'epoch', ...epoch }, 'stored', signal)
  }
  let best: EvaluatedNetwork | null = null
  let storing = Promise.resolve()
  figures.pause()
  try {
    for await (const event of train({
      ...{ engine, hyperparameters, classNames, signal },
      ...{ train: trainPictures, validation, network: start.network },
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
      await storing
      storing = store(event)
      // A step of the trunk takes seconds, in which nothing is written; the next epoch of a head goes on meanwhile.
      if (start.frozen === null) storing.catch(() => undefined)
      else await storing
      figures.pause()
    }
  } finally {
    // Whatever ends the run: the epochs before it are kept.
    await storing
  }
  signal.throwIfAborted()
  return best ?? readBest(context)
}

function logEpoch({ epoch, isBest }: EpochEvent, { log }: RunContext): void {
  const { number, trainLoss, validationLoss, validationAccuracy, seconds, imagesPerSecond } = epoch
  const figures = { trainLoss, validationLoss, validationAccuracy, seconds, imagesPerSecond }
  log.info({ epoch: number, isBest, ...figures }, 'An epoch was trained.')
}

interface Written extends Lesson {
  readonly frozen: StateDict | null
}

async function storeEpoch(event: EpochEvent, context: RunContext, written: Written): Promise<FinishedEpoch> {
  const { task, storage } = context
  return {
    epoch: event.epoch,
    checkpoint: event.isBest ? await storeCheckpoint(event, context, written) : null,
    // The run's id keeps another run's equal state from being the same blob, which the other would delete.
    resume: await storage.put(writeResume(event.resume, { runId: task.runId })),
  }
}

async function storeCheckpoint(
  { epoch, network }: EpochEvent,
  { task, manifest, storage }: RunContext,
  { trunkSha256, frozen }: Written,
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
  const trainedTrunkSha256 = frozen === null ? null : canonicalTrunk(new Map([...frozen, ...file.trunk])).sha256
  return { ...(await storage.put(writeCheckpoint(file))), trainedTrunkSha256 }
}

interface StartingPoint {
  readonly network: StateDict
  /** The pinned trunk's tensors that do not learn; null where only the head learns. */
  readonly frozen: StateDict | null
}

async function startingPoint(
  { task, manifest, storage, trunks }: RunContext,
  { trunkSha256 }: Lesson,
  resume: ResumeState | undefined,
): Promise<StartingPoint> {
  const { hyperparameters, fromCheckpointSha256 } = task
  const isDeep = hyperparameters.trainableLayers !== 'HEAD'
  const trunk: StateDict = isDeep ? await trunks.load(trunkSha256) : new Map()
  const start = { hyperparameters, classNames: manifest.classNames, trunk }
  const checkpoint = async (): Promise<CheckpointFile | null> =>
    fromCheckpointSha256 === null ? null : loadCheckpoint(storage, fromCheckpointSha256)
  const network = resume?.network ?? startNetwork(start, await checkpoint())
  const frozen = new Map([...trunk].filter(([name]) => !network.has(name)))
  return { network, frozen: isDeep ? frozen : null }
}

/** A state that is lost costs time only: the same epochs come again. */
async function readResumeState({ task, storage }: RunContext): Promise<ResumeState | undefined> {
  if (task.resumeSha256 === null) return undefined
  try {
    return readResume(await storage.read(task.resumeSha256))
  } catch (error) {
    if (error instanceof BlobLostError) return undefined
    throw error
  }
}

async function readBest({ task, storage }: RunContext): Promise<EvaluatedNetwork> {
  if (task.best === null) throw new Error('No epoch was the best one.')
  const { epoch, sha256 } = task.best
  const { head, trunk } = await loadCheckpoint(storage, sha256)
  return { epoch, network: new Map([...head, ...trunk]) }
}
