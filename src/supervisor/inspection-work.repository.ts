/** What an inspection's worker writes down for it: each write passes the fence or throws and changes nothing. */
import type { InspectionMessage, InspectionResult, InspectionTask } from '../compute/messages.js'
import type { Transaction } from '../database/database.js'
import type { Prisma, PrismaClient } from '../database/generated/client.js'
import { ClaimLostError } from '../domain/claim-lost.js'
import { compareCodePoints } from '../domain/order.js'
import { readPrecision } from '../domain/precision.js'
import { notify } from '../events/events.js'
import { fingerprintOf } from '../datasets/fingerprint.js'
import { insertFindings, FINDINGS_TIMEOUT_MS } from './finding-rows.js'

export interface InspectionClaim {
  readonly datasetId: string
  /** The row's lease when it was claimed: a later claim makes it void. */
  readonly lease: number
  /** How often it had been asked for by then. */
  readonly requests: number
  readonly fingerprint: string
  /** By the pictures' indices in the task. */
  readonly imageIds: readonly string[]
  readonly givenLabels: readonly (string | null)[]
  /** By their indices in the task. */
  readonly labels: readonly string[]
}

export interface ClaimedInspection {
  readonly claim: InspectionClaim
  readonly task: InspectionTask
}

export class InspectionWorkRepository {
  constructor(private readonly prisma: PrismaClient) {}

  /** Makes the inspection the caller's; null where none is asked for. Pictures and fingerprint are of one moment. */
  claim(datasetId: string): Promise<ClaimedInspection | null> {
    return this.prisma.$transaction(
      async (tx) => {
        const [row] = await tx.datasetHealth.updateManyAndReturn({
          where: { datasetId, state: { in: ['QUEUED', 'RUNNING'] } },
          data: { state: 'RUNNING', lease: { increment: 1 } },
        })
        if (row === undefined) return null
        await notify(tx, { topic: 'health', id: datasetId })
        const images = await picturesOf(tx, datasetId)
        const labels = [...new Set(images.flatMap((each) => each.label ?? []))].sort(compareCodePoints)
        const indices = new Map(labels.map((label, i) => [label, i]))
        const { lease, requests, trunkSha256, imageSize, featureKey } = row
        return {
          claim: {
            ...{ datasetId, lease, requests, labels, imageIds: images.map((image) => image.id) },
            givenLabels: images.map((image) => image.label),
            fingerprint: await fingerprintOf(tx, datasetId),
          },
          task: {
            ...{ trunkSha256, imageSize, featureKey, classCount: labels.length },
            trunkPrecision: readPrecision(row.trunkPrecision) ?? 'fp32',
            pictures: images.map(({ sha256, label, hash }) => ({
              ...{ sha256, hash },
              label: label === null ? null : (indices.get(label) as number),
            })),
          },
        }
      },
      { timeout: FINDINGS_TIMEOUT_MS, isolationLevel: 'RepeatableRead' },
    )
  }

  /** The trunk that is configured, where the task named none. */
  async recordTrunk({ configured }: Extract<InspectionMessage, { type: 'sourced' }>): Promise<void> {
    if (configured !== null) await this.prisma.trunk.createMany({ data: [configured], skipDuplicates: true })
  }

  /** What was found takes the place of what had been found before, all of it or nothing. */
  succeed(claim: InspectionClaim, result: InspectionResult, imageSize: number): Promise<void> {
    return this.prisma.$transaction(
      async (tx) => {
        const row = await end(tx, claim, {
          ...{ state: 'SUCCEEDED', error: null, computedAt: new Date() },
          ...{ computedTrunkSha256: result.trunkSha256, computedImageSize: imageSize },
          ...{ fingerprint: claim.fingerprint, imageCount: claim.imageIds.length },
        })
        // Asked for again meanwhile: the same worker goes on with that.
        if (row.requests > claim.requests) {
          await tx.datasetHealth.update({ where: { datasetId: claim.datasetId }, data: { state: 'QUEUED' } })
        } else if (row.trunkSha256 === null) {
          await tx.datasetHealth.update({
            where: { datasetId: claim.datasetId },
            data: { trunkSha256: result.trunkSha256 },
          })
        }
        await insertFindings(tx, claim, result)
      },
      { timeout: FINDINGS_TIMEOUT_MS },
    )
  }

  async fail(claim: InspectionClaim, error: string): Promise<void> {
    await this.prisma.$transaction((tx) => end(tx, claim, { state: 'FAILED', error }))
  }
}

interface PictureRow {
  readonly id: string
  readonly sha256: string
  readonly label: string | null
  readonly hash: bigint | null
}

/** Those that the dataset shows, then removed ones that versions hold: they leak between splits as the others do. */
function picturesOf(tx: Transaction, datasetId: string): Promise<PictureRow[]> {
  return tx.$queryRaw<PictureRow[]>`
    SELECT id, sha256, perceptual_hash AS hash, CASE WHEN removed_at IS NULL THEN label END AS label
    FROM image WHERE dataset_id = ${datasetId}::uuid
      AND (removed_at IS NULL OR EXISTS (SELECT 1 FROM dataset_version_image WHERE image_id = image.id))
    ORDER BY removed_at IS NOT NULL, sha256`
}

async function end(
  tx: Transaction,
  { datasetId, lease }: InspectionClaim,
  data: Prisma.DatasetHealthUpdateManyMutationInput,
) {
  // The dataset first, as deleting it does: the other way round each would wait for the other.
  await tx.$queryRaw`SELECT 1 FROM dataset WHERE id = ${datasetId}::uuid FOR KEY SHARE`
  const [row] = await tx.datasetHealth.updateManyAndReturn({ where: { datasetId, lease, state: 'RUNNING' }, data })
  if (row === undefined) throw new ClaimLostError(`inspection of ${datasetId}`)
  await notify(tx, { topic: 'health', id: datasetId })
  return row
}
