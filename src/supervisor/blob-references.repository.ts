/** What the database says of blobs: whether a row still names one, and which rows name one for nobody's sake. */
import type { Transaction } from '../database/database.js'
import { Prisma, type PrismaClient } from '../database/generated/client.js'
import { TRAINED_TRUNK } from '../runs/run-creation.repository.js'

/** Every column of the schema that names a blob by its sha256. A test fails for one that is missing here. */
export const BLOB_COLUMNS: readonly { readonly table: string; readonly column: string }[] = [
  { table: 'image', column: 'sha256' },
  { table: 'upload_part', column: 'sha256' },
  { table: 'dataset_version', column: 'digest' },
  { table: 'trunk', column: 'sha256' },
  { table: 'trunk_calibration', column: 'sha256' },
  { table: 'training_run', column: 'resume_sha256' },
  { table: 'checkpoint', column: 'sha256' },
  { table: 'prediction', column: 'image_sha256' },
  { table: 'export', column: 'sha256' },
  { table: 'feature_shard', column: 'sha256' },
]

export class BlobReferenceRepository {
  constructor(private readonly prisma: PrismaClient) {}

  /** Those of `sha256s` that some row names. */
  async referenced(sha256s: readonly string[]): Promise<Set<string>> {
    const wanted = Prisma.sql`${[...sha256s]}::text[]`
    const queries = BLOB_COLUMNS.map(({ table, column }) => {
      const name = Prisma.raw(`"${column}"`)
      return Prisma.sql`SELECT ${name} AS sha256 FROM ${Prisma.raw(`"${table}"`)} WHERE ${name} = ANY (${wanted})`
    })
    const rows = await this.prisma.$queryRaw<{ sha256: string }[]>(Prisma.join(queries, ' UNION '))
    return new Set(rows.map((row) => row.sha256))
  }

  /** When the database's first table was made; a copy of it that was restored says the same. */
  async bornAt(): Promise<Date> {
    const [first] = await this.prisma.$queryRaw<{ at: Date }[]>`
      SELECT min(started_at) AS at FROM "_prisma_migrations"`
    if (first === undefined) throw new Error('The database was never migrated.')
    return first.at
  }

  /** Addresses that are over. */
  async forgetExports(): Promise<void> {
    await this.prisma.export.deleteMany({ where: { OR: [{ expiresAt: { lte: new Date() } }, { checkpointId: null }] } })
  }

  /** Trunks that a run has trained, once no run is pinned to them: nothing leads to them, or to their features, any more. */
  async forgetTrainedTrunks(createdBefore: Date): Promise<void> {
    const trunks = await this.prisma.trunk.findMany({
      where: {
        name: { startsWith: TRAINED_TRUNK },
        createdAt: { lt: createdBefore },
        trainingRuns: { none: {} },
        trainers: { none: {} },
      },
      select: { sha256: true },
    })
    for (const { sha256 } of trunks) await this.prisma.$transaction((tx) => forgetTrunk(tx, sha256))
  }
}

/** Locked first: a run that is being pinned to it is waited for, and then seen. */
async function forgetTrunk(tx: Transaction, sha256: string): Promise<void> {
  await tx.$queryRaw`SELECT 1 FROM trunk WHERE sha256 = ${sha256} FOR UPDATE`
  const where = { trunkSha256: sha256 }
  if ((await tx.trainingRun.count({ where })) > 0 || (await tx.trainer.count({ where })) > 0) return
  await tx.featureShard.deleteMany({ where })
  await tx.trunk.deleteMany({ where: { sha256 } })
}
