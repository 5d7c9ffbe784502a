/** What kept features depend on beside the picture: whatever changes them must change the key. */
import { createHash } from 'node:crypto'
import { env } from 'onnxruntime-node'
import type { TrunkPrecision } from '../domain/precision.js'
import type { EngineInfo } from '../engine/engine.type.js'
import type { Cut } from '../network/cut.js'
import { PREPROCESSING_VERSION } from '../images/image.tensor.js'

export interface FeatureSource {
  readonly trunkSha256: string
  readonly trunkPrecision: TrunkPrecision
  /** Where the trunk ends. */
  readonly cut: Cut
  /** Pixels of the square that the trunk sees. */
  readonly imageSize: number
  /** Of varied pictures; left out, they are seen as they are. */
  readonly view?: string
  /** The engine, where that and not ONNX Runtime computes them. */
  readonly computedBy?: EngineInfo
}

/** @returns sha256 in hexadecimal */
export function featureKey(source: FeatureSource): string {
  const { trunkSha256, trunkPrecision, cut, imageSize, view = 'none', computedBy } = source
  const runtime = env.versions.common.split('.')[0]
  const parts = {
    trunk: trunkSha256,
    cut: cut.name,
    imageSize,
    preprocessing: PREPROCESSING_VERSION,
    view,
    precision: trunkPrecision,
    ...(computedBy === undefined ? { onnxruntime: runtime } : { engine: computedBy }),
  }
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex')
}
