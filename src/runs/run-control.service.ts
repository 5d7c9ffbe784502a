import type { Logger } from 'pino'
import type { TrainingRun } from '../database/generated/client.js'
import { notFound, type RefusalOf } from '../domain/refusals.js'
import { uuidOf } from '../graphql/ids.js'
import type { BlobStore } from '../storage/blob-store.js'
import type { Controlled, RunControlRepository } from './run-control.repository.js'
import type { RunRemovalRepository } from './run-removal.repository.js'

interface Parts {
  readonly control: RunControlRepository
  readonly removal: RunRemovalRepository
  readonly storage: BlobStore
  readonly log: Logger
}

/** Cancel, resume, delete. Ids are global ones, as the caller wrote them. */
export class RunControlService {
  constructor(private readonly parts: Parts) {}

  async cancel(trainingRunId: string): Promise<TrainingRun | RefusalOf<'NotFound' | 'NotCancellable'>> {
    const controlled = await this.#withRun(trainingRunId, (id) => this.parts.control.cancel(id))
    if (controlled === null) return notFound('training run', trainingRunId)
    if (controlled.done) return controlled.run
    const { status } = controlled.run
    return { refusal: 'NotCancellable', message: `The run has ended: it is ${status}.`, status }
  }

  async resume(trainingRunId: string): Promise<TrainingRun | RefusalOf<'NotFound' | 'NotResumable'>> {
    const controlled = await this.#withRun(trainingRunId, (id) => this.parts.control.resume(id))
    if (controlled === null) return notFound('training run', trainingRunId)
    if (controlled.done) return controlled.run
    const { status } = controlled.run
    const message = `Only a failed or cancelled run can go on; this one is ${status}.`
    return { refusal: 'NotResumable', message, status }
  }

  async delete(trainingRunId: string): Promise<{ deletedId: string } | RefusalOf<'NotFound' | 'InUse'>> {
    const id = uuidOf(trainingRunId, 'TrainingRun')
    const removed = id === undefined ? 'missing' : await this.parts.removal.remove(id)
    if (removed === 'missing') return notFound('training run', trainingRunId)
    if ('usedBy' in removed) {
      const message = 'It has not ended, or aliases or other runs need its checkpoints; see usedBy.'
      return { refusal: 'InUse', message, usedBy: removed.usedBy }
    }
    await this.#deleteBlobs(removed.blobs)
    return { deletedId: trainingRunId }
  }

  async #withRun(trainingRunId: string, act: (id: string) => Promise<Controlled>): Promise<Controlled> {
    const id = uuidOf(trainingRunId, 'TrainingRun')
    return id === undefined ? null : act(id)
  }

  /** The rows are gone by now: a blob that stays behind is waste, not a reason to say that nothing was deleted. */
  async #deleteBlobs(blobs: readonly string[]): Promise<void> {
    for (const sha256 of blobs) {
      await this.parts.storage.delete(sha256).catch((error: unknown) => {
        this.parts.log.warn({ err: error, sha256 }, 'A blob of a deleted run could not be deleted')
      })
    }
  }
}
