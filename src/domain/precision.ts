/** How a trunk computes. It is pinned to a run together with the trunk. */
import { z } from 'zod'

/** What GRAFT_TRUNK_PRECISION asks for. */
export type PrecisionChoice = 'fp32' | 'int8'

/** Single precision, or bytes with the calibration of that sha256 in storage. */
export type TrunkPrecision = 'fp32' | Int8Precision
type Int8Precision = `int8:${string}`

const INT8 = 'int8:'
export const storedPrecision = z.union([z.literal('fp32'), z.templateLiteral([INT8, z.hex().length(64)])])

export function int8Precision(calibrationSha256: string): Int8Precision {
  return `${INT8}${calibrationSha256}`
}

/** Its sha256; null where the trunk needs none. */
export function calibrationOf(precision: TrunkPrecision): string | null {
  return precision === 'fp32' ? null : precision.slice(INT8.length)
}

export function choiceOf(precision: TrunkPrecision): PrecisionChoice {
  return precision === 'fp32' ? 'fp32' : 'int8'
}

/** As a row holds it; null where nothing is pinned yet. */
export function readPrecision(text: string | null): TrunkPrecision | null {
  return text === null ? null : storedPrecision.parse(text)
}
