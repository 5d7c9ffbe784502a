/** The features of a run or an evaluation that we hold: what its child computes and reads becomes rows, within the budget. */
import type { Logger } from 'pino'
import type { StoredShard } from '../features/collect-features.js'
import type { FeatureBudget } from './feature-budget.js'
import type { ShardOwner } from './feature-shard.repository.js'

interface Rooms {
  readonly features: FeatureBudget
  readonly log: Logger
  readonly persist: <Result>(write: () => Promise<Result>) => Promise<Result>
}

export class HeldFeatures {
  private owner: ShardOwner = { featureKey: '', trunkSha256: '' }
  /** sha256 of shards that must stay. */
  private readonly inUse = new Set<string>()

  constructor(private readonly rooms: Rooms) {}

  /**
   * What is stored from now on is its.
   * @returns the shards that are kept for its key
   */
  open(owner: ShardOwner): Promise<string[]> {
    this.owner = owner
    return this.rooms.persist(() => this.rooms.features.shardsOf(owner.featureKey))
  }

  /** Of another key, from the same trunk. */
  openKey(featureKey: string): Promise<string[]> {
    return this.open({ ...this.owner, featureKey })
  }

  async stored(shard: StoredShard): Promise<void> {
    const { features, log, persist } = this.rooms
    await persist(() => features.add(this.owner, shard))
    this.inUse.add(shard.sha256)
    await features.enforce([...this.inUse], log)
  }

  async read(shards: { readonly used: readonly string[]; readonly lost: readonly string[] }): Promise<void> {
    for (const sha256 of shards.used) this.inUse.add(sha256)
    await this.rooms.persist(() => this.rooms.features.noteUse(shards))
  }
}
