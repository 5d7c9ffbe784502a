/** What kept features depend on beside the picture: whatever changes them must change the key. */
import { PREPROCESSING_VERSION } from '../images/image.tensor.js'
import { cutOf } from '../network/cut.js'
import { viewNameOf, type FeatureRecipe } from './feature-recipe.js'
import { sha256Of } from '../domain/digest.js'

/** @returns sha256 in hexadecimal */
export function featureKey(recipe: FeatureRecipe): string {
  const { trunkSha256, trunkPrecision, trainableLayers, imageSize, computation } = recipe
  const parts = {
    trunk: trunkSha256,
    cut: cutOf(trainableLayers).name,
    imageSize,
    preprocessing: PREPROCESSING_VERSION,
    view: viewNameOf(recipe) ?? 'none',
    precision: trunkPrecision,
    computation,
  }
  return sha256Of(JSON.stringify(parts))
}
