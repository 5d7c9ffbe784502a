/** What features are computed from beside the picture, as rows hold it too: enough for any trainer to compute them. */
import { env } from 'onnxruntime-node'
import { z } from 'zod'
import { viewName } from '../domain/augmentation.js'
import { TRAINABLE_LAYERS } from '../domain/hyperparameters.js'
import { storedPrecision } from '../domain/precision.js'
import type { EngineInfo } from '../engine/engine.type.js'

export const featureRecipe = z.strictObject({
  trunkSha256: z.string(),
  trunkPrecision: storedPrecision,
  /** The trunk ends where these begin. */
  trainableLayers: z.enum(TRAINABLE_LAYERS),
  /** Pixels of the square that the trunk sees. */
  imageSize: z.int(),
  /** How pictures are varied; null where they are seen as they are. */
  view: z
    .strictObject({ augmentation: z.enum(['FLIP', 'STANDARD', 'STRONG']), seed: z.int(), number: z.int() })
    .nullable(),
  /** As `computationOf` names it: only the same computation gives the same features. */
  computation: z.string(),
})

export type FeatureRecipe = z.infer<typeof featureRecipe>

/** @param computedBy the engine, where that and not ONNX Runtime computes the trunk */
export function computationOf(computedBy?: EngineInfo): string {
  if (computedBy !== undefined) return JSON.stringify(computedBy)
  return `onnxruntime ${env.versions.common.split('.')[0] ?? ''}`
}

/** Of pooled features of pictures as they are, from ONNX Runtime: what serving, evaluating and looking for faults compare. */
export function pooledRecipe(
  trunk: Pick<FeatureRecipe, 'trunkSha256' | 'trunkPrecision' | 'imageSize'>,
): FeatureRecipe {
  const { trunkSha256, trunkPrecision, imageSize } = trunk
  return {
    ...{ trunkSha256, trunkPrecision, imageSize, view: null },
    trainableLayers: 'HEAD',
    computation: computationOf(),
  }
}

/** Whether an engine and not ONNX Runtime computes the trunk. */
export function isOnEngine({ computation }: Pick<FeatureRecipe, 'computation'>): boolean {
  return computation !== computationOf()
}

/** Null for pictures as they are. */
export function viewNameOf({ view }: FeatureRecipe): string | null {
  return view === null ? null : viewName(view.augmentation, view.seed, view.number)
}
