import type { Checkpoint, PrismaClient } from '../database/generated/client.js'
import { inOrderOf } from '../database/in-order-of.js'
import { newestFirst, olderThan, type CreationKey } from '../graphql/paginate.js'
import type { CheckpointPlace } from './checkpoint.place.js'

export class CheckpointRepository {
  constructor(private readonly prisma: PrismaClient) {}

  readonly byIds = async (ids: readonly string[]): Promise<(Checkpoint | null)[]> => {
    return inOrderOf(ids, await this.prisma.checkpoint.findMany({ where: { id: { in: [...ids] } } }))
  }

  readonly byPlaces = async (places: readonly CheckpointPlace[]): Promise<(Checkpoint | null)[]> => {
    const wanted = places.map((place) => {
      const [trainingRunId = '', epoch] = place.split(':')
      return { trainingRunId, epoch: Number(epoch) }
    })
    const rows = await this.prisma.checkpoint.findMany({ where: { OR: wanted } })
    const byPlace = new Map(rows.map((row) => [`${row.trainingRunId}:${String(row.epoch)}`, row]))
    return places.map((place) => byPlace.get(place) ?? null)
  }

  find(id: string): Promise<Checkpoint | null> {
    return this.prisma.checkpoint.findUnique({ where: { id } })
  }

  list(trainingRunId: string, after: CreationKey | undefined, limit: number): Promise<Checkpoint[]> {
    const where = { trainingRunId, ...olderThan(after) }
    return this.prisma.checkpoint.findMany({ where, orderBy: newestFirst, take: limit })
  }

  count(trainingRunId: string): Promise<number> {
    return this.prisma.checkpoint.count({ where: { trainingRunId } })
  }
}
