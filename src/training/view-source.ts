/** Pictures of which several views are kept: every epoch sees one of each, as the seed has it. */
import { randomKey, randomWords } from '../domain/random.js'
import type { PictureSource } from './training.type.js'

/**
 * @param plain the pictures as they are
 * @param views the same pictures in the same order, each source another view
 */
export function viewSource(plain: PictureSource, views: readonly PictureSource[], seed: number): PictureSource {
  let drawn: { epoch: number; words: Uint32Array } | undefined
  const wordsOf = (epoch: number): Uint32Array => {
    if (drawn?.epoch !== epoch) drawn = { epoch, words: randomWords(randomKey(seed, 'view', epoch), plain.count) }
    return drawn.words
  }
  return {
    ...plain,
    read: async (rows, epoch) => {
      if (epoch === undefined) return plain.read(rows)
      const words = wordsOf(epoch)
      const chosen = rows.map((row) => (words[row] as number) % views.length)
      return gather(rows, chosen, views)
    },
  }
}

/** Reads from each view the rows that chose it, and puts them back into their order. */
async function gather(rows: Uint32Array, chosen: Uint32Array, views: readonly PictureSource[]): Promise<Float32Array> {
  const parts = await Promise.all(
    views.map(async (view, number) => {
      const places = [...rows.keys()].filter((place) => chosen[place] === number)
      const values =
        places.length === 0 ? new Float32Array() : await view.read(rows.filter((_, i) => chosen[i] === number))
      return { places, values }
    }),
  )
  const total = parts.reduce((sum, { values }) => sum + values.length, 0)
  const width = total / rows.length
  const together = new Float32Array(total)
  for (const { places, values } of parts) {
    for (const [i, place] of places.entries()) together.set(values.subarray(i * width, (i + 1) * width), place * width)
  }
  return together
}
