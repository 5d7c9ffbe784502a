import type { Engine } from '../engine/engine.type.js'
import { isOnEngine, type FeatureRecipe } from '../features/feature-recipe.js'
import type { TrunkSession } from '../inference/sessions.js'
import { cutOf } from '../network/cut.js'
import { createEngineTrunk } from './engine-trunk.js'
import { openTrunk } from './open-trunk.js'
import type { TrunkSource } from './trunk-source.js'

/**
 * The trunk that computes features of this recipe, in ONNX Runtime or on the engine.
 * @throws RunError WEIGHTS_UNAVAILABLE
 */
export async function openTrunkOf(
  recipe: FeatureRecipe,
  { trunks, engine }: { trunks: TrunkSource; engine: Engine },
): Promise<TrunkSession> {
  const cut = cutOf(recipe.trainableLayers)
  if (isOnEngine(recipe)) return createEngineTrunk(engine, await trunks.load(recipe.trunkSha256), cut)
  return openTrunk(trunks, { ...recipe, cut })
}
