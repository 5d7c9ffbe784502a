/** A portion of features that this trainer computes for another one's run. */
import type { Logger } from 'pino'
import type { HelpMessage } from '../compute/messages.js'
import { ClaimLostError } from '../domain/claim-lost.js'
import type { ComputeChild } from './compute-child.js'
import type { FeatureBudget } from './feature-budget.js'
import type { ClaimedPortion, FeaturePortionRepository } from './feature-portion.repository.js'
import { persist } from './persist.js'

export interface HeldPortionRooms {
  readonly portions: FeaturePortionRepository
  readonly features: FeatureBudget
  readonly log: Logger
}

export class HeldPortion {
  private readonly abandoned = new AbortController()
  private readonly log: Logger
  private finished: Promise<void> = Promise.resolve()

  constructor(
    readonly claim: ClaimedPortion,
    private readonly child: ComputeChild,
    private readonly rooms: HeldPortionRooms,
  ) {
    this.log = rooms.log.child({ portion: claim.id })
  }

  /** Resolves when it is stored or no longer ours; never rejects. */
  follow(): Promise<void> {
    this.finished = this.work().catch((error: unknown) => {
      this.log.warn({ err: error }, 'Help with features was given up.')
    })
    return this.finished
  }

  async handOver(): Promise<void> {
    this.abandoned.abort()
    await this.child.kill()
    await this.finished
  }

  private async work(): Promise<void> {
    const { child, claim, rooms } = this
    const { featureKey, recipe, pictures } = claim
    child.send({ type: 'help', task: { featureKey, recipe, pictures } })
    let stored = false
    try {
      for await (const message of child.messages<HelpMessage>()) stored = await this.write(message)
    } finally {
      // What brought our child down, or cannot be read, is for the run's own trainer to meet.
      const ownersOnly = !this.abandoned.signal.aborted
      if (!stored) await rooms.portions.giveBack(claim, { ownersOnly })
    }
  }

  /** @returns whether it is stored */
  private async write(message: HelpMessage): Promise<boolean> {
    const { claim, rooms, log } = this
    if (message.type !== 'helped') return false
    try {
      const options = { signal: this.abandoned.signal, log }
      await persist(() => rooms.portions.complete(claim, message.shard), options)
    } catch (error) {
      if (error instanceof ClaimLostError) return true
      throw error
    }
    await rooms.features.enforce([message.shard.sha256], log)
    return true
  }
}
