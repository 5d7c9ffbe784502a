/** What kept features depend on beside the picture: whatever changes them must change the key. */
import { createHash } from 'node:crypto'
import { env } from 'onnxruntime-node'
import type { EngineInfo } from '../engine/engine.type.js'
import type { Cut } from '../network/cut.js'
import { PREPROCESSING_VERSION } from '../images/image.tensor.js'

export interface FeatureSource {
  readonly trunkSha256: string
  /** Where the trunk ends. */
  readonly cut: Cut
  /** Pixels of the square that the trunk sees. */
  readonly imageSize: number
  /** The engine, where that and not ONNX Runtime computes them. */
  readonly computedBy?: EngineInfo
}

/** @returns sha256 in hexadecimal */
export function featureKey({ trunkSha256, cut, imageSize, computedBy }: FeatureSource): string {
  const runtime = env.versions.common.split('.')[0]
  const parts = {
    trunk: trunkSha256,
    cut: cut.name,
    imageSize,
    preprocessing: PREPROCESSING_VERSION,
    view: 'none',
    precision: 'fp32',
    ...(computedBy === undefined ? { onnxruntime: runtime } : { engine: computedBy }),
  }
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex')
}
