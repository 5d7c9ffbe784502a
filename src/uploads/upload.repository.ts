import type { Prisma, PrismaClient, Upload, UploadPart } from '../database/generated/client.js'

/** Who sends: a later sending, which begins anew, makes it void. */
export interface Sending {
  readonly id: string
  readonly lease: number
}

export type NewPart = Pick<UploadPart, 'byteSize' | 'sha256'> & { readonly start: number }

const LIVE_IMPORT = { state: { in: ['QUEUED', 'RUNNING'] } } satisfies Prisma.ImageImportWhereInput

export class UploadRepository {
  constructor(private readonly prisma: PrismaClient) {}

  create(data: Pick<Upload, 'tokenSha256' | 'fileName' | 'expiresAt'> & { byteSize: number }): Promise<Upload> {
    return this.prisma.upload.create({ data })
  }

  /** Null also for one that has expired or was consumed, though the sweep has not come by yet. */
  find(id: string): Promise<Upload | null> {
    return this.prisma.upload.findFirst({ where: { id, ...alive() } })
  }

  /** Also one that has expired since the import that works on it was made. */
  ofImport(id: string): Promise<Upload | null> {
    return this.prisma.upload.findUnique({ where: { id } })
  }

  /** Also one that is gone to those who know its id: whoever has its address is told why. */
  byToken(tokenSha256: string): Promise<Upload | null> {
    return this.prisma.upload.findUnique({ where: { tokenSha256 } })
  }

  /** In their order. */
  parts(uploadId: string): Promise<UploadPart[]> {
    return this.prisma.uploadPart.findMany({ where: { uploadId }, orderBy: { start: 'asc' } })
  }

  /** Forgets what was received. Null where nothing may be sent any more. */
  beginAnew(id: string): Promise<Upload | null> {
    return this.prisma.$transaction(async (tx) => {
      const [row] = await tx.upload.updateManyAndReturn({
        where: { id, completedAt: null, ...alive() },
        data: { received: 0, partCount: 0, lease: { increment: 1 } },
      })
      if (row === undefined) return null
      await tx.uploadPart.deleteMany({ where: { uploadId: id } })
      return row
    })
  }

  /** What was received of an unfinished sending, unless a later one has begun. */
  async forget({ id, lease }: Sending): Promise<void> {
    await this.prisma.$transaction(async (tx) => {
      const { count } = await tx.upload.updateMany({
        where: { id, lease, completedAt: null },
        data: { received: 0, partCount: 0 },
      })
      if (count > 0) await tx.uploadPart.deleteMany({ where: { uploadId: id } })
    })
  }

  /** False where the part does not follow on what is there, or the sending is void: then nothing was changed. */
  addPart({ id, lease }: Sending, part: NewPart): Promise<boolean> {
    return this.prisma.$transaction(async (tx) => {
      const [row] = await tx.upload.updateManyAndReturn({
        where: { id, lease, received: part.start, completedAt: null, ...alive() },
        data: { received: { increment: part.byteSize }, partCount: { increment: 1 } },
      })
      if (row === undefined) return false
      await tx.uploadPart.create({ data: { uploadId: id, ...part } })
      if (row.received === row.byteSize) await tx.upload.update({ where: { id }, data: { completedAt: new Date() } })
      return true
    })
  }

  /**
   * Deletes what has expired or was consumed, unless an import still needs it.
   * @returns how many it was
   */
  async sweep(): Promise<number> {
    return this.prisma.$transaction(async (tx) => {
      // Locked first: an import that is being made waits, and then finds the upload gone.
      const dead = await tx.$queryRaw<{ id: string }[]>`
        SELECT id FROM upload WHERE expires_at <= ${new Date()} OR consumed_at IS NOT NULL FOR UPDATE SKIP LOCKED`
      const where = { id: { in: dead.map(({ id }) => id) }, imports: { none: LIVE_IMPORT } }
      return (await tx.upload.deleteMany({ where })).count
    })
  }
}

/** An upload that an import works on may expire meanwhile: the import reads its parts all the same. */
function alive(): { expiresAt: { gt: Date }; consumedAt: null } {
  return { expiresAt: { gt: new Date() }, consumedAt: null }
}
