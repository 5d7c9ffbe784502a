import { writeCheckpoint, readCheckpoint } from '../training/checkpoint-file.js'
import { PREPROCESSING_VERSION } from '../images/image.tensor.js'
import { BlobCorruptError, BlobMissingError } from '../storage/storage.errors.js'
import { readResume, writeResume } from '../training/resume-state.js'
import { train } from '../training/train.js'
import type { EpochEvent, PictureSource, ResumeState } from '../training/training.type.js'
import type { EvaluatedHead } from './evaluate.js'
import type { StoredBlob } from './messages.js'
import type { RunContext } from './run-context.js'
import { startHead } from './start-head.js'

export interface Lesson {
  readonly trunkSha256: string
  readonly train: PictureSource
  readonly validation: PictureSource
}

/**
 * Trains from the start or from the last stored epoch to the end.
 * @returns the best head, also if it is one of an earlier attempt
 */
export async function learn(context: RunContext, lesson: Lesson): Promise<EvaluatedHead> {
  const { task, manifest, engine, link, progress, signal } = context
  const { hyperparameters } = task
  const { classNames } = manifest
  const resume = await readResumeState(context)
  const network = resume?.network ?? startHead({ hyperparameters, classNames }, await readStart(context))
  const { train: trainPictures, validation } = lesson
  let best: EvaluatedHead | null = null
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
      continue
    }
    progress.flush()
    if (event.isBest) best = { epoch: event.epoch.number, head: event.network }
    await link.ask({ type: 'epoch', ...(await storeEpoch(event, context, lesson)) }, 'stored', signal)
  }
  signal.throwIfAborted()
  return best ?? readBest(context)
}

async function storeEpoch(
  { epoch, network, isBest, resume }: EpochEvent,
  { task, manifest, storage }: RunContext,
  { trunkSha256 }: Lesson,
): Promise<{ epoch: EpochEvent['epoch']; checkpoint: StoredBlob | null; resume: StoredBlob }> {
  const { runId, hyperparameters } = task
  const file = {
    runId,
    epoch: epoch.number,
    classNames: manifest.classNames,
    hyperparameters,
    trunkSha256,
    preprocessingVersion: PREPROCESSING_VERSION,
    head: network,
  }
  return {
    epoch,
    checkpoint: isBest ? await storage.put(writeCheckpoint(file)) : null,
    // The run's id keeps another run's equal state from being the same blob, which the other would delete.
    resume: await storage.put(writeResume(resume, { runId })),
  }
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

async function readStart({ task, storage }: RunContext): Promise<Uint8Array | null> {
  return task.fromCheckpointSha256 === null ? null : storage.read(task.fromCheckpointSha256)
}

async function readBest({ task, storage }: RunContext): Promise<EvaluatedHead> {
  if (task.best === null) throw new Error('No epoch was the best one.')
  const { epoch, sha256 } = task.best
  return { epoch, head: readCheckpoint(await storage.read(sha256)).head }
}
