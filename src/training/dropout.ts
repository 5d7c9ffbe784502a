/** The masks that dropout lays over what the head's hidden layers are given. */
import { drawMask, randomKey } from '../domain/random.js'
import type { Hyperparameters } from '../domain/hyperparameters.js'

/** Where masks are drawn; both from 1. */
interface Place {
  epoch: number
  step: number
}

export interface Dropout {
  /**
   * @returns a mask [count, width] for each hidden layer, null where nothing is dropped; the next call overwrites them, for
   *   memory by the megabyte in every step keeps the garbage collector busy
   */
  draw(place: Place, count: number): (Float32Array | null)[]
}

/** @param layerWidths inputs of each layer */
export function createDropout(
  { seed, dropout, batchSize }: Pick<Hyperparameters, 'seed' | 'dropout' | 'batchSize'>,
  layerWidths: readonly number[],
): Dropout {
  const masks = dropout.map((rate, layer) =>
    rate === 0 ? null : new Float32Array(batchSize * (layerWidths[layer] ?? 0)),
  )
  return {
    draw: ({ epoch, step }, count) =>
      masks.map((whole, layer) => {
        if (whole === null) return null
        const mask = whole.subarray(0, count * (layerWidths[layer] ?? 0))
        drawMask(mask, randomKey(seed, 'dropout', epoch, step, layer), dropout[layer] ?? 0)
        return mask
      }),
  }
}
