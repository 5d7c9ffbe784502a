/** A convolution with the batch norm behind it and, if wanted, ReLU: what the trunk is made of. */
import type { Tensor1D, Tensor4D } from '@tensorflow/tfjs-core'
import type { Tf } from '../engine/engine.type.js'
import { movingAverage } from '../engine/kernels/moving-average.js'
import { reluGradient } from '../engine/kernels/relu-gradient.js'
import { trainingNorm, trainingNormGradient } from '../engine/kernels/training-norm.js'
import { BATCH_NORM_EPSILON, NORM_TENSORS, type Convolution } from '../network/resnet50.js'
import { tensorOf, type StateDict } from '../network/weights.js'
import { convolve, filterSlope, inputSlope } from './convolution.js'
import { uploadParameter, type Parameter } from './parameters.js'
import type { Learn, Pass } from './pass.type.js'

/** PyTorch's default: the share of the batch's statistics in the running ones after a step. */
const MOMENTUM = 0.1

export interface Unit {
  /** The filter, and the norm's scale and offset. */
  readonly parameters: readonly Parameter[]
  /** The norm's running mean and variance. */
  readonly statistics: readonly Parameter[]
  /** As PyTorch's train(): norms with the batch's statistics, which the running ones follow. */
  train(x: Tensor4D): Pass
  /** As PyTorch's eval(): norms with the running statistics. */
  infer(x: Tensor4D): Tensor4D
}

export interface UnitOptions {
  readonly relu: boolean
  /** Nothing below it learns. */
  readonly lowest: boolean
}

export function openUnit(
  tf: Tf,
  { conv, network }: { conv: Convolution; network: StateDict },
  options: UnitOptions,
): Unit {
  const open = (name: string): Parameter => uploadParameter(tf, name, tensorOf(network, name))
  const filter = open(`${conv.name}.weight`)
  const [scale, offset, mean, variance] = NORM_TENSORS.map((name) => open(`${conv.norm}.${name}`)) as [
    Parameter,
    Parameter,
    Parameter,
    Parameter,
  ]
  const filterTensor = filter.variable as unknown as Tensor4D
  const activate = (y: Tensor4D): Tensor4D => (options.relu ? replace(y, tf.relu(y)) : y)

  return {
    parameters: [filter, scale, offset],
    statistics: [mean, variance],
    infer: (x) =>
      tf.tidy(() => {
        const z = convolve(tf, conv, { x, filter: filterTensor })
        const [m, v, b, g] = [mean, variance, offset, scale].map(({ variable }) => variable as unknown as Tensor1D) as [
          Tensor1D,
          Tensor1D,
          Tensor1D,
          Tensor1D,
        ]
        return activate(tf.batchNorm(z, m, v, b, g, BATCH_NORM_EPSILON))
      }),
    train: (x) => {
      const z = convolve(tf, conv, { x, filter: filterTensor })
      const normed = trainingNorm(tf, {
        x: z,
        scale: scale.variable,
        offset: offset.variable,
        epsilon: BATCH_NORM_EPSILON,
      })
      follow(tf, mean, normed.mean)
      follow(tf, variance, normed.unbiasedVariance)
      const output = activate(normed.y)
      return { output, back }

      function back(slope: Tensor4D, learn: Learn): Tensor4D | null {
        const dy = options.relu ? reluGradient(tf, slope, output) : slope
        output.dispose()
        const { saved } = normed
        const [dz, dScale, dOffset] = trainingNormGradient(tf, {
          ...{ dy, x: z, scale: scale.variable, saved },
          epsilon: BATCH_NORM_EPSILON,
        })
        tf.dispose([z, ...saved, ...(options.relu ? [dy] : [])])
        const shape = x.shape
        // Before the filter moves.
        const dx = options.lowest ? null : inputSlope(tf, conv, { slope: dz, filter: filterTensor, shape })
        const dFilter = filterSlope(tf, conv, { x, slope: dz })
        dz.dispose()
        learn(scale, dScale)
        learn(offset, dOffset)
        learn(filter, dFilter)
        return dx
      }
    },
  }
}

/** running = (1 - momentum) · running + momentum · batch; the batch's is freed. */
function follow(tf: Tf, { variable }: Parameter, batch: Tensor1D): void {
  tf.tidy(() => {
    variable.assign(movingAverage(tf, { average: variable, value: batch }, MOMENTUM))
  })
  batch.dispose()
}

function replace(old: Tensor4D, made: Tensor4D): Tensor4D {
  old.dispose()
  return made
}
