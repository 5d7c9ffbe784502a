/** Measures an int8 trunk's activations in single precision. */
import type { Range } from '../network/quantise.js'
import { quantisedActivations, type Ranges } from '../network/quantised.graph.js'
import { trunkGraph } from '../network/trunk.graph.js'
import type { StateDict } from '../network/weights.js'
import { createRangeSession } from './sessions.js'

export interface CalibrationBatch {
  /** [count, 3, imageSize, imageSize], as images/ preprocesses them */
  readonly images: Float32Array
  readonly count: number
  readonly imageSize: number
}

/** Two pictures of 224 pixels at a time: every activation stays until all are measured, 70 MB a picture. */
const PIXELS_AT_ONCE = 2 * 224 * 224

/** @returns the least and the greatest value of every activation over all batches */
export async function measureRanges(trunk: StateDict, batches: AsyncIterable<CalibrationBatch>): Promise<Ranges> {
  const names = quantisedActivations(trunkGraph(trunk))
  const ranges = new Map<string, Range>()
  const session = await createRangeSession(trunk)
  try {
    for await (const { images, count, imageSize } of inParts(batches)) {
      const measured = await session.ranges(images, count, imageSize)
      for (const [i, name] of names.entries()) {
        const [min, max] = [measured[2 * i] as number, measured[2 * i + 1] as number]
        const { min: least, max: most } = ranges.get(name) ?? { min, max }
        ranges.set(name, { min: Math.min(least, min), max: Math.max(most, max) })
      }
    }
  } finally {
    await session.release()
  }
  return ranges
}

async function* inParts(batches: AsyncIterable<CalibrationBatch>): AsyncGenerator<CalibrationBatch> {
  for await (const { images, count, imageSize } of batches) {
    const atOnce = Math.max(1, Math.floor(PIXELS_AT_ONCE / imageSize ** 2))
    const width = images.length / count
    for (let from = 0; from < count; from += atOnce) {
      const to = Math.min(count, from + atOnce)
      yield { images: images.subarray(from * width, to * width), count: to - from, imageSize }
    }
  }
}
