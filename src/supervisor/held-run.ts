/** A run that this supervisor holds: what its compute child says becomes rows, until the run ends or leaves us. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { Preparation, RunMessage } from '../compute/messages.js'
import { ClaimLostError } from '../domain/claim-lost.js'
import type { RunFailure } from '../domain/failure.js'
import type { ImageRepository } from '../datasets/image.repository.js'
import type { ManifestRepository } from '../datasets/manifest.repository.js'
import type { CalibrationRepository } from '../runs/calibration.repository.js'
import type { InspectionRequestRepository } from '../inspections/inspection-request.repository.js'
import type { RunClaim } from '../runs/run-fence.js'
import type { RunLeaseRepository } from '../runs/run-lease.repository.js'
import type { BlobStore } from '../storage/blob-store.js'
import type { ComputeChild } from './compute-child.js'
import type { FeatureBudget } from './feature-budget.js'
import type { FeaturePortionRepository, PortionClaim } from './feature-portion.repository.js'
import { HeldFeatures } from './held-features.js'
import { namePicture } from './name-picture.js'
import { persist } from './persist.js'
import type { RunResultsRepository } from './run-results.repository.js'
import type { RunEnding, WorkObserver } from './work.observer.js'

export interface HeldRunRooms {
  readonly leases: RunLeaseRepository
  readonly results: RunResultsRepository
  readonly features: FeatureBudget
  readonly portions: FeaturePortionRepository
  readonly calibrations: CalibrationRepository
  readonly manifests: ManifestRepository
  readonly images: ImageRepository
  readonly inspections: InspectionRequestRepository
  readonly storage: BlobStore
  /** Told the trunk that GRAFT_TRUNK_WEIGHTS turned out to be. */
  readonly onConfiguredTrunk: (sha256: string) => void
  readonly observer: WorkObserver
  readonly log: Logger
}

const RENEW_EVERY_MS = 2000
/** For the child to end by itself, so that it stays warm for the next run. */
const CANCEL_GRACE_MS = 1000
/** A signal to the whole process group may end the child before it tells us to stop. */
const SIGNAL_GRACE_MS = 300

const INTERNAL: RunFailure = {
  code: 'INTERNAL',
  message: "The run's results could not be stored; the trainer's log has the details.",
  suggestion: null,
}

export class HeldRun {
  private readonly abandoned = new AbortController()
  readonly log: Logger
  private cancelling = false
  private ended = false
  private resumeSha256: string | null = null
  private preparation: Preparation | null = null
  private readonly features: HeldFeatures
  private finished: Promise<void> = Promise.resolve()

  constructor(
    readonly claim: RunClaim,
    private readonly child: ComputeChild,
    private readonly rooms: HeldRunRooms,
  ) {
    this.log = rooms.log.child({ runId: claim.runId, lease: claim.lease })
    const persist = <Result>(write: () => Promise<Result>): Promise<Result> => this.persist(write)
    this.features = new HeldFeatures({ ...rooms, trainerId: claim.trainerId, log: this.log, persist })
  }

  /** Of features that our child computes. */
  get portions(): readonly PortionClaim[] {
    return this.features.claims
  }

  /** Resolves when the run is no longer ours; never rejects. */
  follow(): Promise<void> {
    const renewal = setInterval(() => void this.renew(), RENEW_EVERY_MS)
    this.finished = this.work()
      .catch((error: unknown) => this.giveUp(error))
      .finally(() => {
        clearInterval(renewal)
        return this.features.close()
      })
    return this.finished
  }

  /** Looks now whether a cancel was asked for, or the run is no longer ours. */
  async renew(): Promise<void> {
    const renewal = await this.rooms.leases.renew(this.claim).catch((error: unknown) => {
      this.log.warn({ err: error }, 'The lease could not be renewed; it is tried again.')
      return 'held' as const
    })
    if (renewal === 'cancelRequested') this.cancel()
    if (renewal === 'lost' && !this.ended) await this.abandon()
  }

  /** Puts the run back for the next trainer. */
  async handOver(): Promise<void> {
    await this.abandon()
    await this.finished
  }

  /** Ends the child and every waiting write. */
  private async abandon(): Promise<void> {
    this.abandoned.abort()
    await this.child.kill()
  }

  private cancel(): void {
    if (this.cancelling || this.ended) return
    this.cancelling = true
    this.child.send({ type: 'cancel' })
    setTimeout(() => {
      if (!this.ended) void this.child.kill()
    }, CANCEL_GRACE_MS)
  }

  private async work(): Promise<void> {
    const task = await this.persist(() => this.rooms.results.readTask(this.claim))
    this.resumeSha256 = task.resumeSha256
    this.log.info({ afterEpoch: task.best?.epoch ?? null, resumes: task.resumeSha256 !== null }, 'The run is taken.')
    this.rooms.observer.runTaken()
    await this.rooms.manifests.ensure(this.claim.datasetVersionId, this.log)
    this.child.send({ type: 'run', task })
    for await (const message of this.child.messages<RunMessage>()) await this.write(message)
    if (this.ended) return
    if (this.cancelling) return this.end(() => this.rooms.results.cancel(this.claim), 'CANCELLED')
    await sleep(SIGNAL_GRACE_MS, undefined, { signal: this.abandoned.signal })
    this.log.error('The compute child died.')
    await this.end(() => this.rooms.leases.recordDeath(this.claim), 'DIED')
  }

  private async write(message: RunMessage): Promise<void> {
    const { claim, child, features } = this
    const { results, calibrations, images, observer } = this.rooms
    switch (message.type) {
      case 'calibration':
        child.send({ type: 'calibration', sha256: await this.persist(() => calibrations.settle(message)) })
        return
      case 'prepared':
        await this.persist(() => results.pin(claim, message))
        if (message.configured !== null) this.rooms.onConfiguredTrunk(message.trunkSha256)
        child.send({ type: 'shards', shards: await features.open(message) })
        this.preparation = message
        return
      case 'featuresWanted':
        child.send({ type: 'shards', shards: await features.open(message) })
        return
      case 'portionWanted':
        child.send({ type: 'portion', ...(await features.shareOut(claim.runId, message)) })
        return
      case 'shardStored':
        return features.stored(message.shard, message.portionId)
      case 'shardsRead':
        observer.featuresFound(message.found)
        return features.read(message)
      case 'figures':
        observer.computed(message.figures)
        return
      case 'status':
        await this.persist(() => results.setStatus(claim, message.status))
        if (message.status === 'RUNNING') await this.askForInspection()
        return
      case 'progress':
        observer.progressed(message.progress)
        return this.persist(() => results.setProgress(claim, message.progress))
      case 'epoch':
        await this.persist(() => results.storeEpoch(claim, message))
        this.log.info({ epoch: message.epoch.number }, 'An epoch is stored.')
        observer.epochStored(message.epoch)
        child.send({ type: 'stored' })
        return this.removeSuperseded(message.resume.sha256)
      case 'evaluated':
        await this.end(() => results.succeed(claim, message.evaluation), 'SUCCEEDED')
        return this.removeSuperseded(null)
      case 'failed': {
        const failure = await this.persist(() => namePicture(images, claim.datasetId, message))
        return this.end(() => results.fail(claim, failure), 'FAILED')
      }
      case 'cancelled':
        return this.end(() => results.cancel(claim), 'CANCELLED')
    }
  }

  /** The features are there, also for whoever looks for faults of the dataset. */
  private async askForInspection(): Promise<void> {
    const { preparation } = this
    if (preparation === null) return
    await this.persist(() => this.rooms.inspections.askAfterRun(this.claim.datasetVersionId, preparation))
  }

  /** Blobs that no row names any more. A failure here leaves bytes behind, and harms nothing. */
  private async removeSuperseded(resumeSha256: string | null): Promise<void> {
    const { results, storage } = this.rooms
    try {
      const old = this.resumeSha256 === null || this.resumeSha256 === resumeSha256 ? [] : [this.resumeSha256]
      this.resumeSha256 = resumeSha256
      for (const sha256 of [...old, ...(await results.pruneCheckpoints(this.claim))]) await storage.delete(sha256)
    } catch (error) {
      this.log.warn({ err: error }, 'Old checkpoints could not be removed.')
    }
  }

  private async end(write: () => Promise<void>, how: RunEnding): Promise<void> {
    await this.persist(write)
    this.ended = true
    this.left(how)
  }

  private left(how: RunEnding): void {
    this.rooms.observer.runLeft(how)
    this.log[how === 'LOST' ? 'warn' : 'info']({ how }, 'The run has left this trainer.')
  }

  private persist<Result>(write: () => Promise<Result>): Promise<Result> {
    return persist(write, { signal: this.abandoned.signal, log: this.log })
  }

  private async giveUp(error: unknown): Promise<void> {
    await this.child.kill()
    if (error instanceof ClaimLostError) {
      this.left('LOST')
      return
    }
    const { leases, results } = this.rooms
    if (this.abandoned.signal.aborted) {
      await leases.handOver(this.claim).then(
        () => this.left('HANDED_OVER'),
        (reason: unknown) => {
          if (reason instanceof ClaimLostError) this.left('LOST')
          else this.log.error({ err: reason }, 'The run could not be handed over.')
        },
      )
      return
    }
    this.log.error({ err: error }, "The run's results could not be stored.")
    await results.fail(this.claim, INTERNAL).catch((reason: unknown) => {
      this.log.error({ err: reason }, 'The failure could not be stored either.')
    })
  }
}
