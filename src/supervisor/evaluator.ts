/** Evaluations on request: each in a niced child of its own, beside the runs, so that none waits behind a long one. */
import type { Logger } from 'pino'
import type { EvaluationMessage } from '../compute/messages.js'
import { MOST_ATTEMPTS } from '../domain/attempts.js'
import { ClaimLostError } from '../domain/claim-lost.js'
import { failureText } from '../domain/failure.js'
import type { ImageRepository } from '../datasets/image.repository.js'
import type { ManifestRepository } from '../datasets/manifest.repository.js'
import type { JobHandler } from '../jobs/queue.js'
import { forkCompute, type ComputeChild } from './compute-child.js'
import type { ClaimedEvaluation, EvaluationClaim, EvaluationWorkRepository } from './evaluation-work.repository.js'
import type { FeatureBudget } from './feature-budget.js'
import type { FeaturePortionRepository } from './feature-portion.repository.js'
import { HeldFeatures } from './held-features.js'
import { namePicture } from './name-picture.js'
import { persist } from './persist.js'
import type { WorkObserver } from './work.observer.js'

export interface EvaluatorRooms {
  readonly evaluations: EvaluationWorkRepository
  readonly features: FeatureBudget
  readonly manifests: ManifestRepository
  readonly images: ImageRepository
  readonly portions: FeaturePortionRepository
  readonly trainerId: string
  /** Path of the built evaluate.js. */
  readonly evaluationEntry: string
  readonly stallMs: number
  readonly observer: Pick<WorkObserver, 'featuresFound' | 'computed'>
  readonly log: Logger
}

/** Rejects where the evaluation should be tried again, by this trainer or by the next one. */
export function createEvaluator(rooms: EvaluatorRooms): JobHandler<'evaluation'> {
  return async ({ evaluationId }, { signal, attempt }) => {
    const { evaluations, evaluationEntry: entry, stallMs } = rooms
    const log = rooms.log.child({ evaluationId })
    const claimed = await evaluations.claim(evaluationId)
    if (claimed === null) return
    try {
      const child = await forkCompute({ entry, signal, stallMs, log: () => log })
      await new HeldEvaluation(claimed, child, { ...rooms, log, signal }).follow().finally(() => child.kill())
    } catch (error) {
      if (error instanceof ClaimLostError) return
      if (signal.aborted || attempt < MOST_ATTEMPTS) throw error
      log.error({ err: error }, 'An evaluation was given up.')
      await evaluations.fail(claimed.claim, GIVEN_UP)
    }
  }
}

const GIVEN_UP =
  `Evaluating was tried ${String(MOST_ATTEMPTS)} times and did not come to an end; ` +
  "the trainer's log has the details. Evaluate again on a machine with more memory."

/** An evaluation that is ours: what its child says becomes rows. */
class HeldEvaluation {
  private readonly claim: EvaluationClaim
  private readonly features: HeldFeatures

  constructor(
    private readonly claimed: ClaimedEvaluation,
    private readonly child: ComputeChild,
    private readonly rooms: EvaluatorRooms & { readonly signal: AbortSignal },
  ) {
    this.claim = claimed.claim
    const persist = <Result>(write: () => Promise<Result>): Promise<Result> => this.persist(write)
    this.features = new HeldFeatures({ ...rooms, persist })
  }

  /** @throws ClaimLostError; Error if the child ends before its task */
  async follow(): Promise<void> {
    await this.rooms.manifests.ensure(this.claim.versionId, this.rooms.log)
    this.child.send({ type: 'evaluate', task: this.claimed.task })
    let last: EvaluationMessage['type'] | undefined
    for await (const message of this.child.messages<EvaluationMessage>()) {
      await this.write(message)
      last = message.type
    }
    if (last !== 'evaluated' && last !== 'failed') throw new Error("The evaluation's child died.")
  }

  private async write(message: EvaluationMessage): Promise<void> {
    const { evaluations, images, observer } = this.rooms
    switch (message.type) {
      case 'featuresWanted': {
        this.child.send({ type: 'shards', shards: await this.features.open(message) })
        return
      }
      case 'shardStored':
        return this.features.stored(message.shard, null)
      case 'shardsRead':
        observer.featuresFound(message.found)
        return this.features.read(message)
      case 'figures':
        observer.computed(message.figures)
        return
      case 'evaluated':
        return this.persist(() => evaluations.succeed(this.claim, message.evaluation))
      case 'failed': {
        const failure = await this.persist(() => namePicture(images, this.claim.datasetId, message))
        return this.persist(() => evaluations.fail(this.claim, failureText(failure)))
      }
    }
  }

  private persist<Result>(write: () => Promise<Result>): Promise<Result> {
    return persist(write, this.rooms)
  }
}
