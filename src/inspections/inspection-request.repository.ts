/** Asking for an inspection: the dataset's row and a job for it, or neither. */
import type { Transaction } from '../database/database.js'
import type { DatasetHealth, PrismaClient } from '../database/generated/client.js'
import { readHyperparameters } from '../domain/hyperparameters.js'
import { notify } from '../events/events.js'
import { isOnEngine, type FeatureRecipe } from '../features/feature-recipe.js'
import type { Queue } from '../jobs/queue.js'
import { fingerprintOf } from '../datasets/fingerprint.js'

/** Whose features are compared. */
export interface InspectionSource {
  readonly trunkSha256: string | null
  readonly trunkPrecision: string | null
  readonly imageSize: number
  /** Of kept features that another engine than ONNX Runtime computed. */
  readonly featureKey: string | null
}

/** What a run computes from its pictures. */
export interface RunFeatures {
  readonly featureKey: string
  readonly recipe: FeatureRecipe
}

/** Without a run to follow: what runs do by default. */
const DEFAULT_SOURCE: InspectionSource = { trunkSha256: null, trunkPrecision: null, imageSize: 224, featureKey: null }

/** A run's first epochs go first; and many changes one after the other are looked at together. */
const AFTER_RUN_SECONDS = 3
const AFTER_CHANGE_SECONDS = 20

export class InspectionRequestRepository {
  constructor(
    private readonly prisma: PrismaClient,
    private readonly queue: Queue,
  ) {}

  /** By the features that the dataset's last run of a head used, or by those of another size; null for no dataset. */
  async ask(datasetId: string, imageSize: number | null): Promise<DatasetHealth | null> {
    return this.prisma.$transaction(async (tx) => {
      const [dataset] = await tx.$queryRaw<unknown[]>`
        SELECT 1 FROM dataset WHERE id = ${datasetId}::uuid FOR KEY SHARE`
      if (dataset === undefined) return null
      const source = await lastSource(tx, datasetId)
      if (imageSize === null || imageSize === source.imageSize) return this.#request(tx, { datasetId, source })
      return this.#request(tx, { datasetId, source: { ...source, imageSize, featureKey: null } })
    })
  }

  /** Once a run's features are there, unless the same pictures were looked at with the same trunk before. */
  async askAfterRun(datasetVersionId: string, { featureKey, recipe }: RunFeatures): Promise<void> {
    const { trunkSha256, trunkPrecision, imageSize, trainableLayers } = recipe
    if (trainableLayers !== 'HEAD') return
    const source = { trunkSha256, trunkPrecision, imageSize, featureKey: isOnEngine(recipe) ? featureKey : null }
    await this.prisma.$transaction(async (tx) => {
      const version = await tx.datasetVersion.findUnique({
        where: { id: datasetVersionId },
        select: { datasetId: true },
      })
      if (version === null || (await isKnown(tx, version.datasetId, source))) return
      await this.#request(tx, { ...version, source, startAfterSeconds: AFTER_RUN_SECONDS })
    })
  }

  /** After a change of its pictures or labels: again, where it was looked at before. */
  async askAfterChange(tx: Transaction, datasetId: string): Promise<void> {
    const health = await tx.datasetHealth.findUnique({ where: { datasetId } })
    if (health?.state !== 'SUCCEEDED' || health.computedAt === null) return
    const source = await lastSource(tx, datasetId)
    await this.#request(tx, { datasetId, source, startAfterSeconds: AFTER_CHANGE_SECONDS })
  }

  async #request(
    tx: Transaction,
    {
      datasetId,
      source,
      startAfterSeconds = 0,
    }: { datasetId: string; source: InspectionSource; startAfterSeconds?: number },
  ): Promise<DatasetHealth> {
    const { trunkSha256, trunkPrecision, imageSize, featureKey } = source
    const wanted = { trunkSha256, trunkPrecision, imageSize, featureKey }
    const before = await tx.datasetHealth.findUnique({ where: { datasetId }, select: { state: true } })
    const row = await tx.datasetHealth.upsert({
      where: { datasetId },
      create: { datasetId, ...wanted },
      // Whoever computes at the moment is left to it, and begins again afterwards.
      update: {
        ...wanted,
        requests: { increment: 1 },
        ...(before?.state !== 'QUEUED' && { requestedAt: new Date() }),
        ...(before?.state !== 'RUNNING' && { state: 'QUEUED', error: null }),
      },
    })
    await this.queue.enqueue(tx, { queue: 'inspection', payload: { datasetId }, startAfterSeconds })
    await notify(tx, { topic: 'health', id: datasetId })
    return row
  }
}

/** A trunk that a run has trained goes with its last run: what is not there any more is not asked for again. */
async function lastSource(tx: Transaction, datasetId: string): Promise<InspectionSource> {
  const health = await tx.datasetHealth.findUnique({ where: { datasetId } })
  const sha256 = health?.trunkSha256 ?? null
  const trunk = sha256 === null ? null : await tx.trunk.findUnique({ where: { sha256 }, select: { sha256: true } })
  if (health !== null && trunk !== null) return health
  const runs = await tx.trainingRun.findMany({
    where: { datasetVersion: { datasetId }, trunkSha256: { not: null } },
    orderBy: { createdAt: 'desc' },
    take: 20,
  })
  for (const { hyperparameters, trunkSha256, trunkPrecision } of runs) {
    const { imageSize, trainableLayers } = readHyperparameters(hyperparameters)
    if (trainableLayers === 'HEAD') return { trunkSha256, trunkPrecision, imageSize, featureKey: null }
  }
  return DEFAULT_SOURCE
}

async function isKnown(tx: Transaction, datasetId: string, source: InspectionSource): Promise<boolean> {
  const health = await tx.datasetHealth.findUnique({ where: { datasetId } })
  if (health === null || health.state === 'FAILED') return false
  const isSame = health.trunkSha256 === source.trunkSha256 && health.imageSize === source.imageSize
  if (!isSame) return false
  return health.state !== 'SUCCEEDED' || health.fingerprint === (await fingerprintOf(tx, datasetId))
}
