/** Adam, AdamW and SGD exactly as torch.optim has them, over whichever parameters they are given. */
import type { Tensor, Variable } from '@tensorflow/tfjs-core'
import type { Hyperparameters } from '../domain/hyperparameters.js'
import type { Tf } from '../engine/engine.type.js'
import { adamStep, hasAdamStep } from '../engine/kernels/adam-step.js'
import { tensorOf, type StateDict } from '../network/weights.js'
import { disposeParameters, downloadParameters, uploadParameter, type Parameter } from './parameters.js'

const BETA1 = 0.9
const BETA2 = 0.999
const EPSILON = 1e-8

export type OptimizerSettings = Pick<Hyperparameters, 'optimizer' | 'momentum' | 'nesterov' | 'weightDecay'>

export interface Optimizer {
  /**
   * Moves one of the parameters; call it once for each in a step.
   * @param step from 1, over the whole run
   */
  move(parameter: Parameter, gradient: Tensor, at: { learningRate: number; step: number }): void
  /** Everything that the next step depends on beside the parameters. */
  state(): Promise<StateDict>
  dispose(): void
}

/** A step's two numbers, and the slots of one parameter by name. */
interface Update {
  learningRate: number
  step: number
  slots: Readonly<Record<string, Variable>>
}
type Rule = (weight: Variable, gradient: Tensor, update: Update) => void

/** @param saved what `state` gave; without it the optimiser starts anew */
export function openOptimizer(
  tf: Tf,
  parameters: readonly Parameter[],
  { settings, saved }: { settings: OptimizerSettings; saved?: StateDict | undefined },
): Optimizer {
  const { slotNames, rule } = ruleOf(tf, settings)
  const open = (parameter: Parameter, slot: string): Parameter => {
    const name = `${slot}.${parameter.name}`
    return saved === undefined ? emptySlot(tf, name, parameter) : uploadParameter(tf, name, tensorOf(saved, name))
  }
  const slots = new Map(parameters.map((parameter) => [parameter, slotNames.map((slot) => open(parameter, slot))]))
  const all = [...slots.values()].flat()
  return {
    move: (parameter, gradient, at) => {
      const own = slots.get(parameter) as Parameter[]
      const named = Object.fromEntries(slotNames.map((slot, i) => [slot, (own[i] as Parameter).variable]))
      tf.tidy(() => {
        rule(parameter.variable, gradient, { ...at, slots: named })
      })
    },
    state: () => downloadParameters(tf, all),
    dispose: () => {
      disposeParameters(all)
    },
  }
}

function emptySlot(tf: Tf, name: string, { variable }: Parameter): Parameter {
  return { name, variable: tf.tidy(() => tf.variable(tf.zerosLike(variable))) }
}

function ruleOf(tf: Tf, settings: OptimizerSettings): { slotNames: readonly string[]; rule: Rule } {
  const { optimizer, momentum, nesterov, weightDecay } = settings
  switch (optimizer) {
    case 'ADAM':
      return { slotNames: ['m', 'v'], rule: decayedGradient(tf, weightDecay, adam(tf)) }
    case 'ADAMW':
      return { slotNames: ['m', 'v'], rule: decayedWeight(tf, weightDecay, adam(tf)) }
    case 'SGD':
      if (momentum === 0) return { slotNames: [], rule: decayedGradient(tf, weightDecay, plainDescent(tf)) }
      return {
        slotNames: ['momentum'],
        rule: decayedGradient(tf, weightDecay, descentWithMomentum(tf, momentum, nesterov)),
      }
  }
}

/** L2: the penalty's gradient joins the loss's. */
function decayedGradient(tf: Tf, decay: number, rule: Rule): Rule {
  if (decay === 0) return rule
  return (weight, gradient, update) => {
    rule(weight, tf.add(gradient, tf.mul(weight, decay)), update)
  }
}

/** Decoupled: the weight shrinks by itself, before the step. */
function decayedWeight(tf: Tf, decay: number, rule: Rule): Rule {
  if (decay === 0) return rule
  return (weight, gradient, update) => {
    weight.assign(tf.mul(weight, 1 - update.learningRate * decay))
    rule(weight, gradient, update)
  }
}

function adam(tf: Tf): Rule {
  const isFused = hasAdamStep(tf)
  // In one pass 1 - β is taken of a β in single precision; the correction has to agree with it.
  const [beta1, beta2] = isFused ? [Math.fround(BETA1), Math.fround(BETA2)] : [BETA1, BETA2]
  return (weight, gradient, { learningRate, step, slots }) => {
    const { m, v } = slots as { m: Variable; v: Variable }
    // torch: rate/(1 - b1^t) · m / (sqrt(v)/sqrt(1 - b2^t) + epsilon), multiplied through to save a pass over the weights.
    const correction = Math.sqrt(1 - beta2 ** step)
    const rate = (learningRate * correction) / (1 - beta1 ** step)
    const epsilon = EPSILON * correction
    if (isFused) {
      const moved = adamStep(tf, { weight, gradient, m, v }, { rate, beta1, beta2, epsilon })
      for (const [i, variable] of [weight, m, v].entries()) variable.assign(moved[i] as Tensor)
      return
    }
    m.assign(tf.add(tf.mul(m, beta1), tf.mul(gradient, 1 - beta1)))
    v.assign(tf.add(tf.mul(v, beta2), tf.mul(tf.square(gradient), 1 - beta2)))
    weight.assign(tf.sub(weight, tf.mul(tf.div(m, tf.add(tf.sqrt(v), epsilon)), rate)))
  }
}

function plainDescent(tf: Tf): Rule {
  return (weight, gradient, { learningRate }) => {
    weight.assign(tf.sub(weight, tf.mul(gradient, learningRate)))
  }
}

function descentWithMomentum(tf: Tf, momentum: number, nesterov: boolean): Rule {
  return (weight, gradient, { learningRate, slots }) => {
    const { momentum: velocity } = slots as { momentum: Variable }
    velocity.assign(tf.add(tf.mul(velocity, momentum), gradient))
    const direction = nesterov ? tf.add(gradient, tf.mul(velocity, momentum)) : velocity
    weight.assign(tf.sub(weight, tf.mul(direction, learningRate)))
  }
}
