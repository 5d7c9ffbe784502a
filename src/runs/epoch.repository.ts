import { Prisma, type Epoch, type PrismaClient } from '../database/generated/client.js'
import { inOrderOf } from '../database/in-order-of.js'
import { sharing } from '../database/shared-reads.js'
import { epochStretch, type EpochPlace, type EpochStretch } from './epoch.place.js'

/** Every column by its field's name, as Prisma's own reads give them. */
const COLUMNS = Prisma.raw(
  Object.values(Prisma.EpochScalarFieldEnum)
    .map((field) => `epoch.${field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)} AS "${field}"`)
    .join(', '),
)

export class EpochRepository {
  constructor(private readonly prisma: PrismaClient) {}

  readonly byIds = async (ids: readonly string[]): Promise<(Epoch | null)[]> => {
    return inOrderOf(ids, await this.prisma.epoch.findMany({ where: { id: { in: [...ids] } } }))
  }

  /** By hand: Prisma takes longer over a hundred alternatives than Postgres over the rows. */
  readonly byPlaces = async (places: readonly EpochPlace[]): Promise<(Epoch | null)[]> => {
    const parts = places.map((place) => place.split(':'))
    const runs = parts.map(([run]) => run)
    const numbers = parts.map(([, number]) => Number(number))
    const rows = await this.prisma.$queryRaw<Epoch[]>`
      SELECT ${COLUMNS} FROM epoch
      JOIN unnest(${runs}::uuid[], ${numbers}::int[]) AS place (run, number)
        ON epoch.training_run_id = place.run AND epoch.number = place.number`
    const byPlace = new Map(rows.map((row) => [`${row.trainingRunId}:${String(row.number)}`, row]))
    return places.map((place) => byPlace.get(place) ?? null)
  }

  /** Ascending. An epoch's number follows the one before, so that numbers alone bound a stretch. */
  readonly stretches = async (stretches: readonly EpochStretch[]): Promise<Epoch[][]> => {
    const wanted = stretches.map((stretch) => {
      const [trainingRunId = '', after, first] = stretch.split(':')
      return { trainingRunId, from: Number(after), to: Number(after) + Number(first) }
    })
    const rows = await this.prisma.epoch.findMany({
      where: { OR: wanted.map(({ trainingRunId, from, to }) => ({ trainingRunId, number: { gt: from, lte: to } })) },
      orderBy: { number: 'asc' },
    })
    return wanted.map(({ trainingRunId, from, to }) =>
      rows.filter((row) => row.trainingRunId === trainingRunId && row.number > from && row.number <= to),
    )
  }

  readonly #shared = sharing(this.stretches)

  /** The next epochs of one run beyond a number, ascending; read once for all who ask together. */
  after(trainingRunId: string, number: number, limit: number): Promise<Epoch[]> {
    return this.#shared(epochStretch(trainingRunId, number, limit))
  }
}
