/** Adam as torch.optim has it: in one pass where the backend can, else of TensorFlow.js's operations. */
import type { Tensor } from '@tensorflow/tfjs-core'
import type { Tf } from '../engine/engine.type.js'
import { nativeAdam, type AdamRates } from '../engine/kernels/native.adam.js'
import type { OpenMover } from './optimizer.js'

const BETA1 = 0.9
const BETA2 = 0.999
const EPSILON = 1e-8

export function adam(tf: Tf): OpenMover {
  const openNative = nativeAdam(tf)
  if (openNative === null) return composedAdam(tf)
  return (weight, openSlot) => {
    const [m, v] = [openSlot('m'), openSlot('v')]
    const native = openNative(weight, { m, v })
    tf.dispose([m, v])
    return {
      move: (gradient, at) => {
        // In one pass 1 - β is taken of a β in single precision; the correction has to agree with it.
        native.step(gradient, ratesOf(at, Math.fround(BETA1), Math.fround(BETA2)))
      },
      slots: () => native.moments(),
      dispose: () => {
        native.dispose()
      },
    }
  }
}

function composedAdam(tf: Tf): OpenMover {
  return (weight, openSlot) => {
    const [m, v] = [openSlot('m'), openSlot('v')]
    return {
      move: (gradient, at) => {
        const { rate, beta1, beta2, epsilon } = ratesOf(at, BETA1, BETA2)
        m.assign(tf.add(tf.mul(m, beta1), tf.mul(gradient, 1 - beta1)))
        v.assign(tf.add(tf.mul(v, beta2), tf.mul(tf.square(gradient), 1 - beta2)))
        weight.assign(tf.sub(weight, tf.mul(tf.div<Tensor>(m, tf.add(tf.sqrt(v), epsilon)), rate)))
      },
      slots: () => ({ m: m.clone(), v: v.clone() }),
      dispose: () => {
        tf.dispose([m, v])
      },
    }
  }
}

/** torch: rate/(1 - b1^t) · m / (sqrt(v)/sqrt(1 - b2^t) + epsilon), multiplied through to save a pass over the weights. */
function ratesOf(
  { learningRate, step }: { learningRate: number; step: number },
  beta1: number,
  beta2: number,
): AdamRates {
  const correction = Math.sqrt(1 - beta2 ** step)
  return { beta1, beta2, rate: (learningRate * correction) / (1 - beta1 ** step), epsilon: EPSILON * correction }
}
