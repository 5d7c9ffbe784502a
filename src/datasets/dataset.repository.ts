import { Prisma, type Dataset, type PrismaClient } from '../database/generated/client.js'
import { inOrderOf } from '../database/in-order-of.js'
import { compareCodePoints } from '../domain/order.js'
import { newestFirst, olderThan, type CreationKey } from '../graphql/paginate.js'

export interface CountOfLabel {
  readonly label: string
  readonly imageCount: number
}

export class DatasetRepository {
  constructor(private readonly prisma: PrismaClient) {}

  readonly byIds = async (ids: readonly string[]): Promise<(Dataset | null)[]> => {
    return inOrderOf(ids, await this.prisma.dataset.findMany({ where: { id: { in: [...ids] } } }))
  }

  /** Pictures by label, ordered by code point, of many datasets in one grouped query. */
  readonly labelCounts = async (ids: readonly string[]): Promise<CountOfLabel[][]> => {
    const groups = await this.prisma.image.groupBy({
      by: ['datasetId', 'label'],
      where: { datasetId: { in: [...ids] }, removedAt: null },
      _count: { _all: true },
    })
    const byDataset = new Map<string, CountOfLabel[]>(ids.map((id) => [id, []]))
    for (const { datasetId, label, _count } of groups) {
      byDataset.get(datasetId)?.push({ label, imageCount: _count._all })
    }
    return ids.map((id) => (byDataset.get(id) ?? []).sort((a, b) => compareCodePoints(a.label, b.label)))
  }

  find(id: string): Promise<Dataset | null> {
    return this.prisma.dataset.findUnique({ where: { id } })
  }

  findByName(name: string): Promise<Dataset | null> {
    return this.prisma.dataset.findUnique({ where: { name } })
  }

  list(after: CreationKey | undefined, limit: number): Promise<Dataset[]> {
    return this.prisma.dataset.findMany({ where: olderThan(after), orderBy: newestFirst, take: limit })
  }

  count(): Promise<number> {
    return this.prisma.dataset.count()
  }

  /** Null where the name is taken: the unique index decides, so that two callers cannot both have it. */
  async create(data: { name: string; description: string | null }): Promise<Dataset | null> {
    const [created] = await this.prisma.dataset.createManyAndReturn({ data: [data], skipDuplicates: true })
    return created ?? null
  }

  async update(
    id: string,
    data: { name?: string; description?: string | null },
  ): Promise<Dataset | 'missing' | 'name taken'> {
    try {
      const [row] = await this.prisma.dataset.updateManyAndReturn({ where: { id }, data })
      return row ?? 'missing'
    } catch (error) {
      if (isTaken(error)) return 'name taken'
      throw error
    }
  }
}

/** The unique index decides here too. */
function isTaken(error: unknown): boolean {
  return error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2002'
}
