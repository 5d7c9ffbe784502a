import type { PrismaClient, Trunk } from '../database/generated/client.js'

export class TrunkRepository {
  constructor(private readonly prisma: PrismaClient) {}

  /** What GRAFT_TRUNK_WEIGHTS turned out to be at the trainer seen last; null until one has read its weights. */
  async configured(): Promise<Trunk | null> {
    const trainer = await this.prisma.trainer.findFirst({
      where: { trunkSha256: { not: null } },
      orderBy: [{ lastSeenAt: 'desc' }, { id: 'asc' }],
      select: { trunk: true },
    })
    return trainer?.trunk ?? null
  }

  readonly bySha256 = async (digests: readonly string[]): Promise<(Trunk | null)[]> => {
    const rows = await this.prisma.trunk.findMany({ where: { sha256: { in: [...digests] } } })
    const byDigest = new Map(rows.map((row) => [row.sha256, row]))
    return digests.map((digest) => byDigest.get(digest) ?? null)
  }
}
