import type { Checkpoint, PrismaClient, TrainingRun } from '../database/generated/client.js'
import type { Transaction } from '../database/database.js'
import { readHyperparameters, type HeadShape, type Hyperparameters } from '../domain/hyperparameters.js'
import { notify } from '../events/events.js'
import { keepTrunk } from './keep-trunk.js'

/** What names a run by default. */
export interface VersionFacts {
  readonly id: string
  readonly datasetId: string
  readonly datasetName: string
  readonly number: number
  readonly runCount: number
}

/** What a run that starts from a checkpoint takes over. */
export interface CheckpointFacts {
  readonly id: string
  /** As it was trained; null where its run pinned none. */
  readonly trunk: CheckpointTrunk | null
  readonly trunkPrecision: string | null
  readonly imageSize: number
  readonly head: HeadShape
}

export interface CheckpointTrunk {
  readonly sha256: string
  readonly name: string
  readonly pretrained: boolean
}

export interface NewRun {
  readonly name: string
  readonly version: VersionFacts
  readonly from: CheckpointFacts | null
  readonly hyperparameters: Hyperparameters
  /** The caller, the key that it chose and the digest of what it asked for. */
  readonly idempotency: { readonly scope: string; readonly key: string; readonly digest: string } | null
}

export class RunCreationRepository {
  constructor(private readonly prisma: PrismaClient) {}

  async version(id: string): Promise<VersionFacts | null> {
    const row = await this.prisma.datasetVersion.findUnique({
      where: { id },
      include: { dataset: { select: { name: true } }, _count: { select: { trainingRuns: true } } },
    })
    if (row === null) return null
    const { datasetId, number, dataset, _count } = row
    return { id, datasetId, datasetName: dataset.name, number, runCount: _count.trainingRuns }
  }

  async checkpoint(id: string): Promise<CheckpointFacts | null> {
    const row = await this.prisma.checkpoint.findUnique({
      where: { id },
      include: { trainingRun: { select: { id: true, hyperparameters: true, trunk: true, trunkPrecision: true } } },
    })
    if (row === null) return null
    const { trunkPrecision } = row.trainingRun
    const { hiddenUnits, dropout, imageSize } = readHyperparameters(row.trainingRun.hyperparameters)
    return { id, trunk: trunkOf(row), trunkPrecision, imageSize, head: { hiddenUnits, dropout } }
  }

  /**
   * The row is the run's place in the queue. Where the caller used the key before, its earlier run comes back untouched:
   * the unique index decides, so that two calls at once make one run.
   * @returns null where the version or the checkpoint was deleted meanwhile
   */
  async create(run: NewRun): Promise<TrainingRun | null> {
    try {
      for (;;) {
        const created = await this.prisma.$transaction((tx) => this.#insert(tx, run))
        if (created !== null) return created
        const earlier = await this.#earlier(run)
        if (earlier !== null) return earlier
      }
    } catch (error) {
      if (isMissingReference(error)) return null
      throw error
    }
  }

  async #insert(tx: Transaction, run: NewRun): Promise<TrainingRun | null> {
    // A trunk that was trained is known from here on; the trainer stores its tensors.
    if (run.from?.trunk) await keepTrunk(tx, run.from.trunk)
    const data = {
      name: run.name,
      datasetVersionId: run.version.id,
      fromCheckpointId: run.from?.id ?? null,
      trunkSha256: run.from?.trunk?.sha256 ?? null,
      trunkPrecision: inheritedPrecision(run),
      hyperparameters: { ...run.hyperparameters },
      idempotencyScope: run.idempotency?.scope ?? null,
      idempotencyKey: run.idempotency?.key ?? null,
      idempotencyDigest: run.idempotency?.digest ?? null,
    }
    const [row] = await tx.trainingRun.createManyAndReturn({ data: [data], skipDuplicates: true })
    if (row === undefined) return null
    await notify(tx, { topic: 'runs', id: run.version.datasetId })
    return row
  }

  #earlier({ idempotency }: NewRun): Promise<TrainingRun | null> {
    if (idempotency === null) throw new Error('A run without a key met another with the same key')
    const { scope, key } = idempotency
    return this.prisma.trainingRun.findUnique({
      where: { idempotencyScope_idempotencyKey: { idempotencyScope: scope, idempotencyKey: key } },
    })
  }
}

/** A calibration is for one size and a trunk that stays as it is: otherwise the trainer decides. */
function inheritedPrecision({ from, hyperparameters }: NewRun): string | null {
  const { imageSize, trainableLayers } = hyperparameters
  return from?.imageSize === imageSize && trainableLayers === 'HEAD' ? from.trunkPrecision : null
}

/** How the names of trunks begin that a run has trained. */
export const TRAINED_TRUNK = 'trained by run'

/** The one that the checkpoint's run is pinned to, or what training made of it. */
function trunkOf({
  epoch,
  trainedTrunkSha256,
  trainingRun,
}: Pick<Checkpoint, 'epoch' | 'trainedTrunkSha256'> & {
  trainingRun: { id: string; trunk: CheckpointTrunk | null }
}): CheckpointTrunk | null {
  const { id, trunk } = trainingRun
  if (trunk === null || trainedTrunkSha256 === null) {
    return trunk && { sha256: trunk.sha256, name: trunk.name, pretrained: trunk.pretrained }
  }
  const name = `${TRAINED_TRUNK} ${id} to epoch ${String(epoch)}`
  return { sha256: trainedTrunkSha256, name, pretrained: trunk.pretrained }
}

/** Postgres's foreign keys see what the checks before could not: something deleted in between. */
function isMissingReference(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'P2003'
}
