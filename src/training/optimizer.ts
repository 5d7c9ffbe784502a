/** Adam, AdamW and SGD exactly as torch.optim has them, over whichever parameters they are given. */
import type { Tensor, Variable } from '@tensorflow/tfjs-core'
import type { Hyperparameters } from '../domain/hyperparameters.js'
import type { Tf } from '../engine/engine.type.js'
import { tensorOf, type StateDict, type Tensor as WeightTensor } from '../network/weights.js'
import { adam } from './adam.js'
import { downloadTensor, uploadTensor, type Parameter } from './parameters.js'

export type OptimizerSettings = Pick<Hyperparameters, 'optimizer' | 'momentum' | 'nesterov' | 'weightDecay'>

export interface Optimizer {
  /** Moves one of the parameters; call it once for each in a step. */
  move(parameter: Parameter, gradient: Tensor, at: Moment): void
  /** Everything that the next step depends on beside the parameters. */
  state(): Promise<StateDict>
  dispose(): void
}

interface Moment {
  learningRate: number
  /** From 1, over the whole run. */
  step: number
}

/** What moves one parameter, with all that it remembers from one step to the next. */
export interface Mover {
  move(gradient: Tensor, at: Moment): void
  /** Copies of what it remembers, by name, which are the caller's to free. */
  slots(): Readonly<Record<string, Tensor>>
  dispose(): void
}

/** @param openSlot something to remember, of the weight's shape: as it was saved, or zeros */
export type OpenMover = (weight: Variable, openSlot: (name: string) => Variable) => Mover

/** @param saved what `state` gave; without it the optimiser starts anew */
export function openOptimizer(
  tf: Tf,
  parameters: readonly Parameter[],
  { settings, saved }: { settings: OptimizerSettings; saved?: StateDict | undefined },
): Optimizer {
  const open = openerOf(tf, settings)
  const slotOf = ({ name, variable }: Parameter, slot: string): Variable =>
    saved === undefined
      ? tf.tidy(() => tf.variable(tf.zerosLike(variable)))
      : uploadTensor(tf, tensorOf(saved, `${slot}.${name}`))
  const movers = new Map(
    parameters.map((parameter) => [parameter, open(parameter.variable, (slot) => slotOf(parameter, slot))]),
  )
  return {
    move: (parameter, gradient, at) => {
      tf.tidy(() => {
        movers.get(parameter)?.move(gradient, at)
      })
    },
    state: async () => {
      const state = new Map<string, WeightTensor>()
      for (const [{ name }, mover] of movers) {
        for (const [slot, tensor] of Object.entries(mover.slots())) {
          state.set(`${slot}.${name}`, await downloadTensor(tf, tensor))
          tensor.dispose()
        }
      }
      return state
    },
    dispose: () => {
      for (const mover of movers.values()) mover.dispose()
    },
  }
}

function openerOf(tf: Tf, { optimizer, momentum, nesterov, weightDecay }: OptimizerSettings): OpenMover {
  switch (optimizer) {
    case 'ADAM':
      return decayedGradient(tf, weightDecay, adam(tf))
    case 'ADAMW':
      return decayedWeight(tf, weightDecay, adam(tf))
    case 'SGD':
      return decayedGradient(
        tf,
        weightDecay,
        momentum === 0 ? plainDescent(tf) : descentWithMomentum(tf, momentum, nesterov),
      )
  }
}

/** L2: the penalty's gradient joins the loss's. */
function decayedGradient(tf: Tf, decay: number, open: OpenMover): OpenMover {
  if (decay === 0) return open
  return (weight, openSlot) => {
    const mover = open(weight, openSlot)
    return {
      ...mover,
      move: (gradient, at) => {
        mover.move(tf.add(gradient, tf.mul(weight, decay)), at)
      },
    }
  }
}

/** Decoupled: the weight shrinks by itself, before the step. */
function decayedWeight(tf: Tf, decay: number, open: OpenMover): OpenMover {
  if (decay === 0) return open
  return (weight, openSlot) => {
    const mover = open(weight, openSlot)
    return {
      ...mover,
      move: (gradient, at) => {
        weight.assign(tf.mul(weight, 1 - at.learningRate * decay))
        mover.move(gradient, at)
      },
    }
  }
}

function plainDescent(tf: Tf): OpenMover {
  return (weight) => ({
    move: (gradient, { learningRate }) => {
      weight.assign(tf.sub(weight, tf.mul(gradient, learningRate)))
    },
    slots: () => ({}),
    dispose: () => undefined,
  })
}

function descentWithMomentum(tf: Tf, momentum: number, nesterov: boolean): OpenMover {
  return (weight, openSlot) => {
    const velocity = openSlot('momentum')
    return {
      move: (gradient, { learningRate }) => {
        velocity.assign(tf.add(tf.mul(velocity, momentum), gradient))
        const direction = nesterov ? tf.add(gradient, tf.mul(velocity, momentum)) : velocity
        weight.assign(tf.sub(weight, tf.mul(direction, learningRate)))
      },
      slots: () => ({ momentum: velocity.clone() }),
      dispose: () => {
        velocity.dispose()
      },
    }
  }
}
