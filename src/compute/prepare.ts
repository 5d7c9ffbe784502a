import type { TrunkPrecision } from '../domain/precision.js'
import type { Engine } from '../engine/engine.type.js'
import { featureKey } from '../features/feature-key.js'
import { computationOf, type FeatureRecipe } from '../features/feature-recipe.js'
import { cutOf, cutShape } from '../network/cut.js'
import type { Inputs } from './inputs.type.js'
import type { Preparation } from './messages.js'
import { keptInputs } from './kept-inputs.js'
import { pixelInputs } from './pixel-inputs.js'
import type { RunContext } from './run-context.js'
import { pictureOrder, type Splits } from './run-data.js'
import { storeTrainedTrunk } from './trained-trunk.js'
import { choosePrecision } from './trunk-precision.js'

export interface Prepared extends Inputs {
  readonly trunkSha256: string
}

/** Pins the trunk with its precision and collects what the frozen part makes of every picture, as far as that is kept. */
export async function prepare(context: RunContext, splits: Splits): Promise<Prepared> {
  const { task, manifest, trunks, link, engine, signal } = context
  const { imageSize, trainableLayers } = task.hyperparameters
  const configured = task.trunkSha256 === null ? await trunks.configured(signal) : null
  const trunkSha256 = configured?.sha256 ?? (task.trunkSha256 as string)
  await storeTrainedTrunk(task, context)
  const trunkPrecision = await choosePrecision(context, { trunkSha256, training: splits.TRAIN.positions })
  const cut = cutOf(trainableLayers)
  const recipe: FeatureRecipe = {
    ...{ trunkSha256, trunkPrecision, trainableLayers, imageSize },
    view: null,
    computation: computationOf(computesTrunk(engine, trunkPrecision) ? engine.info : undefined),
  }
  const preparation: Preparation = {
    ...{ trunkSha256, trunkPrecision, configured, recipe },
    engine: engine.info,
    featureKey: featureKey(recipe),
  }
  const { shards } = await link.ask({ type: 'prepared', ...preparation }, 'shards', signal)
  const wanted = {
    pictures: pictureOrder(manifest, splits),
    trainingCount: splits.TRAIN.positions.length,
    shape: cutShape(cut, imageSize),
  }
  if (cut.name === 'images') return { trunkSha256, ...pixelInputs(context, wanted) }
  return { trunkSha256, ...(await keptInputs(context, { ...wanted, recipe, shards })) }
}

/** A GPU that trains computes what is frozen too, in single precision. */
function computesTrunk({ onGpu }: Engine, trunkPrecision: TrunkPrecision): boolean {
  return onGpu && trunkPrecision === 'fp32'
}
