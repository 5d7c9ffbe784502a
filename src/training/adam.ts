/** Adam as torch.optim has it: in one pass and in place where the backend can. */
import type { Tf } from '../engine/engine.type.js'
import { adamStep, type AdamRates } from '../engine/kernels/adam-step.js'
import { nativeAdam } from '../engine/kernels/native.adam.js'
import type { OpenMover } from './optimizer.js'

const BETA1 = 0.9
const BETA2 = 0.999
const EPSILON = 1e-8

export function adam(tf: Tf): OpenMover {
  const openNative = nativeAdam(tf)
  if (openNative === null) return plainAdam(tf)
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

function plainAdam(tf: Tf): OpenMover {
  return (weight, openSlot) => {
    const [m, v] = [openSlot('m'), openSlot('v')]
    return {
      move: (gradient, at) => {
        const moved = adamStep(tf, { weight, m, v, gradient }, ratesOf(at, BETA1, BETA2))
        m.assign(moved.m)
        v.assign(moved.v)
        weight.assign(moved.weight)
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
