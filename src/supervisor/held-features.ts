/** The features of a run or an evaluation that we hold: what its child computes and reads becomes rows, within the budget. */
import type { Logger } from 'pino'
import { ClaimLostError } from '../domain/claim-lost.js'
import type { StoredShard } from '../features/collect-features.js'
import type { PortionAnswer, PortionRequest } from '../features/feature-portions.js'
import type { FeatureRecipe } from '../features/feature-recipe.js'
import type { FeatureBudget } from './feature-budget.js'
import type { ClaimedPortion, FeaturePortionRepository, PortionClaim } from './feature-portion.repository.js'
import type { ListedShard } from './feature-shard.repository.js'

interface Rooms {
  readonly features: FeatureBudget
  readonly portions: FeaturePortionRepository
  readonly trainerId: string
  readonly log: Logger
  readonly persist: <Result>(write: () => Promise<Result>) => Promise<Result>
}

/** What is being collected. */
interface Collection {
  readonly featureKey: string
  readonly recipe: FeatureRecipe
}

export class HeldFeatures {
  private present: Collection | null = null
  /** sha256 of shards that must stay. */
  private readonly inUse = new Set<string>()
  /** Portions that our child computes, by id. */
  private readonly inHand = new Map<string, ClaimedPortion>()
  /** Sequence of the latest shard of the key that the child was told of. */
  private seen = 0n
  /** Shards that it stored itself since. */
  private own = new Set<string>()

  constructor(private readonly rooms: Rooms) {}

  get claims(): readonly PortionClaim[] {
    return [...this.inHand.values()]
  }

  /**
   * What is stored from now on is of this key.
   * @returns the shards that are kept for it
   */
  async open(collection: Collection): Promise<string[]> {
    this.present = collection
    this.seen = 0n
    const shards = await this.rooms.persist(() => this.rooms.features.shardsOf(collection.featureKey))
    return this.note(shards)
  }

  /** Shares out what the run's child still misses. */
  async shareOut(runId: string, request: PortionRequest): Promise<PortionAnswer> {
    const { portions, trainerId, persist } = this.rooms
    const owner = { runId, trainerId, ...this.collection() }
    const { own, seen } = this
    const { shards, portion } = await persist(() => portions.shareOut(owner, { ...request, own, seen }))
    if (portion !== null) this.inHand.set(portion.id, portion)
    const others = this.note(shards).filter((sha256) => !own.has(sha256))
    return { shards: others, portion: portion && { id: portion.id, pictures: portion.pictures } }
  }

  async stored(shard: StoredShard, portionId: string | null): Promise<void> {
    const { features, log } = this.rooms
    await this.write(shard, portionId)
    this.own.add(shard.sha256)
    this.inUse.add(shard.sha256)
    await features.enforce([...this.inUse], log)
  }

  async read(shards: { readonly used: readonly string[]; readonly lost: readonly string[] }): Promise<void> {
    for (const sha256 of shards.used) this.inUse.add(sha256)
    await this.rooms.persist(() => this.rooms.features.noteUse(shards))
  }

  /** Whatever our child had in hand is anybody's again. A failure is made good by the watch over all portions. */
  async close(): Promise<void> {
    const claims = this.claims
    this.inHand.clear()
    for (const claim of claims) {
      await this.rooms.portions.giveBack(claim, { ownersOnly: false }).catch((error: unknown) => {
        this.rooms.log.warn({ err: error }, 'A portion of features could not be given back yet.')
      })
    }
  }

  private async write(shard: StoredShard, portionId: string | null): Promise<void> {
    const { features, portions, trainerId, log, persist } = this.rooms
    const { featureKey, recipe } = this.collection()
    const portion = portionId === null ? undefined : this.inHand.get(portionId)
    if (portion === undefined) {
      return persist(() => features.add({ featureKey, trunkSha256: recipe.trunkSha256, trainerId }, shard))
    }
    this.inHand.delete(portion.id)
    await persist(() => portions.complete(portion, shard)).catch((error: unknown) => {
      if (!(error instanceof ClaimLostError)) throw error
      log.warn({ portion: portion.id }, 'A portion of features was taken from us before it was stored.')
    })
  }

  private collection(): Collection {
    if (this.present === null) throw new Error('Features came before their key.')
    return this.present
  }

  private note(shards: readonly ListedShard[]): string[] {
    this.seen = shards.at(-1)?.sequence ?? this.seen
    this.own = new Set()
    return shards.map(({ sha256 }) => sha256)
  }
}
