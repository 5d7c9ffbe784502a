import { BATCH_NORM_EPSILON, type Convolution } from './resnet50.js'
import { tensorOf, type StateDict, type Tensor } from './weights.js'

/**
 * A batch norm in inference mode is y = (x - mean) · scale + bias with scale = weight / sqrt(variance + epsilon), so it
 * folds into the convolution before it. Computed in double precision, rounded once.
 */
export function foldNorm(
  trunk: StateDict,
  { name, norm, inChannels, outChannels, kernel }: Convolution,
): { weight: Tensor; bias: Tensor } {
  const weight = tensorOf(trunk, `${name}.weight`)
  const gamma = tensorOf(trunk, `${norm}.weight`).data
  const beta = tensorOf(trunk, `${norm}.bias`).data
  const mean = tensorOf(trunk, `${norm}.running_mean`).data
  const variance = tensorOf(trunk, `${norm}.running_var`).data
  const scales = Float64Array.from(gamma, (g, i) => g / Math.sqrt((variance[i] as number) + BATCH_NORM_EPSILON))
  const perChannel = inChannels * kernel ** 2
  const folded = new Float32Array(weight.data.length)
  for (let i = 0; i < folded.length; i++) {
    folded[i] = (weight.data[i] as number) * (scales[Math.floor(i / perChannel)] as number)
  }
  const bias = Float32Array.from(beta, (b, i) => b - (mean[i] as number) * (scales[i] as number))
  return { weight: { shape: weight.shape, data: folded }, bias: { shape: [outChannels], data: bias } }
}
