import type { Image, ImageImport, Prisma, PrismaClient, RejectedFile } from '../../database/generated/client.js'
import { inOrderOf } from '../../database/in-order-of.js'
import type { Transaction } from '../../database/database.js'
import { ClaimLostError } from '../../domain/claim-lost.js'
import { notify } from '../../events/events.js'
import { newestFirst, olderThan, type CreationKey } from '../../graphql/paginate.js'
import type { Queue } from '../../jobs/queue.js'
import { insertImages, type NewImage } from '../image-insertion.js'
import type { Examined } from './examine.js'

export interface Claim {
  readonly importId: string
  /** Every write names it; a later claim makes it void. */
  readonly lease: number
}

export type NewImport = { readonly datasetId: string } & (
  { readonly directory: string } | { readonly uploadId: string }
)

export type ImportEnd = ({ state: 'SUCCEEDED' } | { state: 'FAILED'; error: string }) & {
  /** Whether its upload, if it had one, is needed no more. */
  readonly consumes: boolean
}

const KEPT_REJECTIONS = 100
const LIVE = { in: ['QUEUED', 'RUNNING'] satisfies ImageImport['state'][] }

export class ImportRepository {
  constructor(private readonly prisma: PrismaClient) {}

  readonly byIds = async (ids: readonly string[]): Promise<(ImageImport | null)[]> => {
    return inOrderOf(ids, await this.prisma.imageImport.findMany({ where: { id: { in: [...ids] } } }))
  }

  readonly rejectedOf = async (ids: readonly string[]): Promise<RejectedFile[][]> => {
    const rows = await this.prisma.rejectedFile.findMany({
      where: { importId: { in: [...ids] } },
      orderBy: { position: 'asc' },
    })
    return ids.map((id) => rows.filter((row) => row.importId === id))
  }

  find(id: string): Promise<ImageImport | null> {
    return this.prisma.imageImport.findUnique({ where: { id } })
  }

  list(datasetId: string, after: CreationKey | undefined, limit: number): Promise<ImageImport[]> {
    const where = { datasetId, ...olderThan(after) }
    return this.prisma.imageImport.findMany({ where, orderBy: newestFirst, take: limit })
  }

  count(datasetId: string): Promise<number> {
    return this.prisma.imageImport.count({ where: { datasetId } })
  }

  /** Row and job, or neither; null where the dataset or the upload is gone. */
  create(data: NewImport, queue: Queue): Promise<ImageImport | null> {
    return this.prisma.$transaction(async (tx) => {
      const [dataset] = await tx.$queryRaw<unknown[]>`
        SELECT 1 FROM dataset WHERE id = ${data.datasetId}::uuid FOR KEY SHARE`
      if (dataset === undefined) return null
      // Its sweep looks for imports while it holds the row: it finds this one, or this finds the upload gone.
      if ('uploadId' in data && (await lockUpload(tx, data.uploadId)) === null) return null
      const row = await tx.imageImport.create({ data })
      await queue.enqueue(tx, { queue: 'import', payload: { importId: row.id } })
      return row
    })
  }

  /** At once: a worker's next write finds that the import is not its own any more. One that has ended is left alone. */
  cancel(id: string): Promise<ImageImport | null> {
    return this.prisma.$transaction(async (tx) => {
      const now = new Date()
      const { count } = await tx.imageImport.updateMany({
        where: { id, state: LIVE },
        data: { state: 'CANCELLED', cancelRequestedAt: now, finishedAt: now },
      })
      if (count > 0) await notify(tx, { topic: 'import', id })
      return tx.imageImport.findUnique({ where: { id } })
    })
  }

  /** Makes the import the caller's; null where it has ended or is gone. */
  claim(id: string): Promise<ImageImport | null> {
    return this.prisma.$transaction(async (tx) => {
      const [row] = await tx.imageImport.updateManyAndReturn({
        where: { id, state: LIVE },
        data: { state: 'RUNNING', lease: { increment: 1 } },
      })
      if (row === undefined) return null
      await notify(tx, { topic: 'import', id })
      return tx.imageImport.update({ where: { id }, data: { startedAt: row.startedAt ?? new Date() } })
    })
  }

  async setTotal(claim: Claim, total: number): Promise<void> {
    await this.prisma.$transaction((tx) => write(tx, claim, { total }))
  }

  /** Rows, counters and rejections of some files, in one transaction that only the claim's holder can commit. */
  async record(claim: Claim, examined: readonly Examined[]): Promise<ImageImport> {
    return this.prisma.$transaction(
      async (tx) => {
        // The dataset before the import, as deleting does it: the other way round each would wait for the other.
        await tx.$queryRaw`
          SELECT 1 FROM dataset WHERE id = (SELECT dataset_id FROM image_import WHERE id = ${claim.importId}::uuid)
          FOR KEY SHARE`
        // Locks the import's row: a cancellation waits for this commit, or this finds the cancellation.
        const before = await write(tx, claim, { processed: { increment: examined.length } })
        const outcome = await insert(tx, examined)
        const rejected = outcome.rejected.map((file, i) => ({
          ...file,
          importId: claim.importId,
          position: before.rejectedCount + i,
        }))
        await tx.rejectedFile.createMany({ data: rejected.filter((file) => file.position < KEPT_REJECTIONS) })
        return write(tx, claim, {
          added: { increment: outcome.added },
          duplicates: { increment: outcome.duplicates },
          rejectedCount: { increment: rejected.length },
        })
      },
      { timeout: 30_000, maxWait: 10_000 },
    )
  }

  async finish(claim: Claim, { consumes, ...end }: ImportEnd): Promise<void> {
    await this.prisma.$transaction(async (tx) => {
      const { uploadId } = await write(tx, claim, { ...end, finishedAt: new Date() })
      if (!consumes || uploadId === null) return
      await tx.upload.updateMany({ where: { id: uploadId }, data: { consumedAt: new Date() } })
    })
  }
}

async function lockUpload(tx: Transaction, id: string): Promise<unknown> {
  const rows = await tx.$queryRaw<unknown[]>`SELECT 1 FROM upload WHERE id = ${id}::uuid FOR KEY SHARE`
  return rows[0] ?? null
}

async function write(tx: Transaction, claim: Claim, data: Prisma.ImageImportUpdateManyMutationInput) {
  const { importId: id, lease } = claim
  const [row] = await tx.imageImport.updateManyAndReturn({ where: { id, lease, state: 'RUNNING' }, data })
  if (row === undefined) throw new ClaimLostError(`import ${id}`)
  await notify(tx, { topic: 'import', id })
  return row
}

interface Inserted {
  added: number
  duplicates: number
  readonly rejected: { fileName: string; reason: string }[]
}

/** Same bytes are in a dataset once: with the same label they are duplicates, with another a contradiction. */
async function insert(tx: Transaction, examined: readonly Examined[]): Promise<Inserted> {
  const images = examined.flatMap((each) => ('image' in each ? [each.image] : []))
  const created = new Set((await insertImages(tx, images)).map((row) => `${row.sha256} ${row.fileName}`))
  const there = await known(
    tx,
    images.filter(({ sha256, fileName }) => !created.has(`${sha256} ${fileName}`)),
  )
  await takeSplitsOver(tx, images, there)
  const result: Inserted = { added: 0, duplicates: 0, rejected: [] }
  for (const each of examined) {
    if (!('image' in each)) {
      result.rejected.push({ fileName: each.fileName, reason: each.reason })
      continue
    }
    const { sha256, fileName, label } = each.image
    const other = there.get(sha256)
    if (created.has(`${sha256} ${fileName}`)) result.added++
    else if (other === undefined || other.label === label) result.duplicates++
    else result.rejected.push({ fileName, reason: contradiction(each.image, other) })
  }
  return result
}

/** Of pictures that were there without one. What has a split keeps it. */
async function takeSplitsOver(tx: Transaction, images: readonly NewImage[], there: ReadonlyMap<string, KnownImage>) {
  for (const { datasetId, sha256, label, folder } of images) {
    const other = there.get(sha256)
    if (typeof folder !== 'string' || other?.label !== label || other.folder !== null) continue
    await tx.image.updateMany({ where: { datasetId, sha256, label, folder: null }, data: { folder } })
  }
}

type KnownImage = Pick<Image, 'sha256' | 'label' | 'fileName' | 'folder'>

async function known(tx: Transaction, images: readonly NewImage[]) {
  const datasetId = images[0]?.datasetId
  if (datasetId === undefined) return new Map<string, KnownImage>()
  const rows = await tx.image.findMany({
    where: { datasetId, sha256: { in: images.map((image) => image.sha256) } },
    select: { sha256: true, label: true, fileName: true, folder: true },
  })
  return new Map(rows.map((row) => [row.sha256, row]))
}

function contradiction(image: NewImage, other: { fileName: string; label: string }): string {
  return (
    `"${image.fileName}" (${image.label}) and "${other.fileName}" (${other.label}) are the same picture: ` +
    `it was kept with the label that came first.`
  )
}
