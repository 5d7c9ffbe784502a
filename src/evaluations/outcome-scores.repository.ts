/** All outcomes of an evaluation, in the order of the pictures' positions, for figures over all of them. */
import type { PrismaClient } from '../database/generated/client.js'
import type { ScoredPictures } from '../evaluation/scored-pictures.js'

const ROWS_AT_A_TIME = 1000

interface ScoreRow {
  readonly position: number
  readonly actual: number
  readonly predicted: number
  /** As Postgres's array_send writes float8[]: a third of the time that reading them as text takes. */
  readonly probabilities: Uint8Array
}

export class OutcomeScoresRepository {
  constructor(private readonly prisma: PrismaClient) {}

  async read(evaluationId: string, classCount: number): Promise<ScoredPictures> {
    const count = await this.prisma.outcome.count({ where: { evaluationId } })
    const [actual, predicted] = [new Int32Array(count), new Int32Array(count)]
    const probabilities = new Float64Array(count * classCount)
    let [at, after] = [0, -1]
    while (at < count) {
      const rows = await this.#page(evaluationId, after)
      if (rows.length === 0) throw new Error(`Outcomes of the evaluation ${evaluationId} are gone`)
      for (const row of rows) {
        actual[at] = row.actual
        predicted[at] = row.predicted
        readDoubles(row.probabilities, probabilities.subarray(at * classCount, (at + 1) * classCount))
        at += 1
        after = row.position
      }
    }
    return { actual, predicted, probabilities, classCount }
  }

  #page(evaluationId: string, after: number): Promise<ScoreRow[]> {
    return this.prisma.$queryRaw<ScoreRow[]>`
      SELECT position, actual, predicted, array_send(probabilities) AS probabilities FROM outcome
      WHERE evaluation_id = ${evaluationId}::uuid AND position > ${after} ORDER BY position LIMIT ${ROWS_AT_A_TIME}`
  }
}

/** Dimensions, whether there are nulls, element type, length and lower bound; then each element's length and value. */
const HEADER_BYTES = 20
const LENGTH_BYTES = 4
const ELEMENT_BYTES = LENGTH_BYTES + Float64Array.BYTES_PER_ELEMENT

function readDoubles(bytes: Uint8Array, target: Float64Array): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (let i = 0; i < target.length; i++) target[i] = view.getFloat64(HEADER_BYTES + LENGTH_BYTES + i * ELEMENT_BYTES)
}
