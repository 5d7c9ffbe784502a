/** What an int8 trunk needs beside its weights: the range of every activation, measured on pictures once and kept. */
import { z } from 'zod'
import type { Ranges } from './quantised.graph.js'
import { WeightsError } from './weights.js'

export interface Calibration {
  readonly trunkSha256: string
  /** Pixels of the square that the trunk saw. */
  readonly imageSize: number
  readonly ranges: Ranges
}

const file = z.object({
  format: z.literal('graft-calibration-1'),
  trunkSha256: z.string(),
  imageSize: z.int(),
  ranges: z.record(z.string(), z.tuple([z.number(), z.number()])),
})

/** JSON; equal calibrations give equal bytes. */
export function writeCalibration({ trunkSha256, imageSize, ranges }: Calibration): Buffer {
  const pairs = [...ranges].map(([name, { min, max }]) => [name, [min, max]])
  const content = {
    format: 'graft-calibration-1',
    trunkSha256,
    imageSize,
    ranges: Object.fromEntries(pairs) as unknown,
  }
  return Buffer.from(JSON.stringify(content))
}

/** @throws WeightsError if the bytes are not a calibration */
export function readCalibration(bytes: Uint8Array): Calibration {
  const parsed = file.safeParse(parseJson(bytes))
  if (!parsed.success) throw new WeightsError("The bytes are not an int8 trunk's calibration.")
  const { trunkSha256, imageSize, ranges } = parsed.data
  const pairs = Object.entries(ranges).map(([name, [min, max]]) => [name, { min, max }] as const)
  return { trunkSha256, imageSize, ranges: new Map(pairs) }
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString())
  } catch {
    return null
  }
}
