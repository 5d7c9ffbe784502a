/** Portions of features that runs offer, and who computes them: no picture is in two of a key at once. */
import { Prisma, type PrismaClient } from '../database/generated/client.js'
import type { Transaction } from '../database/database.js'
import { ClaimLostError } from '../domain/claim-lost.js'
import { notify } from '../events/events.js'
import type { StoredShard } from '../features/collect-features.js'
import { MOST_WAITING, type PortionRequest } from '../features/feature-portions.js'
import { featureRecipe, type FeatureRecipe } from '../features/feature-recipe.js'
import { insertShard, lockKey, shardsBeyond, type ListedShard } from './feature-shard.repository.js'
import type { SeenLease } from '../runs/run-lease.repository.js'

export interface PortionClaim {
  readonly id: string
  /** The row's lease when it was claimed: a later claim makes it void. */
  readonly lease: number
  readonly trainerId: string
}

export interface ClaimedPortion extends PortionClaim {
  readonly featureKey: string
  readonly recipe: FeatureRecipe
  /** sha256. */
  readonly pictures: readonly string[]
}

/** The run that shares its work out. */
export interface PortionOwner {
  readonly runId: string
  readonly trainerId: string
  readonly featureKey: string
  readonly recipe: FeatureRecipe
}

export interface Sharing extends PortionRequest {
  /** Sequence of the latest shard that the owner has seen. */
  readonly seen: bigint
  /** sha256 of those that it stored itself since. */
  readonly own: ReadonlySet<string>
}

/** For their runs nobody needs portions any more. */
const NEEDED = Prisma.sql`r.id = p.run_id AND r.status IN ('QUEUED', 'PREPARING')`

export class FeaturePortionRepository {
  constructor(private readonly prisma: PrismaClient) {}

  /**
   * Offers what is missing and in nobody's hands, and takes a portion to compute: one of the owner's own, else one of
   * another run's with pictures that are missing. Does neither where others have stored shards that the owner has not seen.
   */
  shareOut(owner: PortionOwner, sharing: Sharing): Promise<{ shards: ListedShard[]; portion: ClaimedPortion | null }> {
    return this.prisma.$transaction(async (tx) => {
      await lockKey(tx, owner.featureKey)
      const shards = await shardsBeyond(tx, owner.featureKey, sharing.seen)
      if (shards.some(({ sha256 }) => !sharing.own.has(sha256))) return { shards, portion: null }
      await offer(tx, owner, sharing)
      const ofOwn = Prisma.sql`p.run_id = ${owner.runId}::uuid`
      const ofOthers = Prisma.sql`NOT p.owners_only AND EXISTS (
        SELECT 1 FROM unnest(p.pictures) AS picture WHERE picture = ANY (${[...sharing.pictures]}::text[]))`
      const { featureKey, trainerId } = owner
      const portion =
        (await claim(tx, trainerId, Prisma.sql`p.feature_key = ${featureKey} AND ${ofOwn}`)) ??
        (await claim(tx, trainerId, Prisma.sql`p.feature_key = ${featureKey} AND ${ofOthers}`))
      return { shards, portion }
    })
  }

  /** Takes the portion that was offered first, of those that the helper can compute. */
  claimNext(helper: { trainerId: string; computations: readonly string[] }): Promise<ClaimedPortion | null> {
    const { trainerId, computations } = helper
    return this.prisma.$transaction((tx) =>
      claim(tx, trainerId, Prisma.sql`NOT p.owners_only AND p.computation = ANY (${[...computations]}::text[])`),
    )
  }

  /** The portion's shard is stored. @throws ClaimLostError */
  complete(portion: ClaimedPortion, shard: StoredShard): Promise<void> {
    const { id, lease, trainerId, featureKey, recipe } = portion
    return this.prisma.$transaction(async (tx) => {
      await lockKey(tx, featureKey)
      const { count } = await tx.featurePortion.deleteMany({ where: { id, lease, trainerId } })
      if (count === 0) throw new ClaimLostError(`portion ${id}`)
      await insertShard(tx, { featureKey, trunkSha256: recipe.trunkSha256, trainerId }, shard)
    })
  }

  /** Not computed after all. @param ownersOnly helpers are not to try it again */
  async giveBack({ id, lease, trainerId }: PortionClaim, { ownersOnly }: { ownersOnly: boolean }): Promise<void> {
    const data = { trainerId: null, ...(ownersOnly && { ownersOnly }) }
    await this.prisma.featurePortion.updateMany({ where: { id, lease, trainerId }, data })
  }

  /** Every portion that a trainer computes; it lives as long as its trainer's row is renewed. */
  held(): Promise<SeenLease[]> {
    return this.prisma.$queryRaw<SeenLease[]>`
      SELECT p.id, p.lease, p.trainer_id AS "trainerId", coalesce(t.last_seen_at, 'epoch') AS "renewedAt"
      FROM feature_portion p LEFT JOIN trainer t ON t.id = p.trainer_id WHERE p.trainer_id IS NOT NULL`
  }

  async takeFromDead(seen: SeenLease): Promise<boolean> {
    await this.giveBack(seen, { ownersOnly: true })
    return true
  }

  async putBack(seen: SeenLease): Promise<boolean> {
    await this.giveBack(seen, { ownersOnly: false })
    return true
  }

  async removeNeedless(): Promise<void> {
    await this.prisma.$executeRaw`
      DELETE FROM feature_portion p USING training_run r
      WHERE r.id = p.run_id AND r.status NOT IN ('QUEUED', 'PREPARING')`
  }
}

async function offer(
  tx: Transaction,
  { runId, featureKey, recipe }: PortionOwner,
  { pictures, perPortion }: PortionRequest,
): Promise<void> {
  const waiting = await tx.featurePortion.count({ where: { runId, trainerId: null } })
  if (waiting >= MOST_WAITING) return
  const free = await tx.$queryRaw<{ picture: string }[]>`
    SELECT picture FROM unnest(${[...pictures]}::text[]) WITH ORDINALITY AS wanted (picture, place)
    WHERE picture NOT IN (
      SELECT unnest(p.pictures) FROM feature_portion p, training_run r WHERE p.feature_key = ${featureKey} AND ${NEEDED})
    ORDER BY place LIMIT ${(MOST_WAITING - waiting) * perPortion}`
  if (free.length === 0) return
  const portions = Array.from({ length: Math.ceil(free.length / perPortion) }, (_, i) =>
    free.slice(i * perPortion, (i + 1) * perPortion).map(({ picture }) => picture),
  )
  for (const part of portions) {
    const data = { runId, featureKey, recipe, computation: recipe.computation, pictures: part }
    await tx.featurePortion.create({ data })
  }
  await notify(tx, { topic: 'portions', id: runId })
}

async function claim(tx: Transaction, trainerId: string, which: Prisma.Sql): Promise<ClaimedPortion | null> {
  const [taken] = await tx.$queryRaw<
    { id: string; lease: number; featureKey: string; recipe: unknown; pictures: string[] }[]
  >`
    UPDATE feature_portion SET lease = lease + 1, trainer_id = ${trainerId}::uuid
    WHERE id = (
      SELECT p.id FROM feature_portion p, training_run r WHERE ${NEEDED} AND p.trainer_id IS NULL AND ${which}
      ORDER BY p.created_at, p.id LIMIT 1 FOR UPDATE OF p SKIP LOCKED)
    RETURNING id, lease, feature_key AS "featureKey", recipe, pictures`
  if (taken === undefined) return null
  return { ...taken, trainerId, recipe: featureRecipe.parse(taken.recipe) }
}
