/** What learns: the head, and the trunk above the cut. */
import type { Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core'
import type { Tf } from '../engine/engine.type.js'
import { cutOfNetwork } from '../network/cut.js'
import type { StateDict } from '../network/weights.js'
import { openHead, type HeadModel, type Masks } from './head.model.js'
import { disposeParameters, downloadParameters, type Parameter } from './parameters.js'
import type { Learn } from './pass.type.js'
import { openTrunk } from './trunk.model.js'

export interface NetworkModel {
  readonly head: Pick<HeadModel, 'parameters' | 'layerWidths' | 'classCount'>
  /** Above the cut. */
  readonly trunk: { readonly parameters: readonly Parameter[] }
  /**
   * Without dropout, norms with their running statistics.
   * @param inputs at the cut, [batch, 2048] or [batch, height, width, channels]
   * @returns log-probabilities [batch, classes]
   */
  infer(inputs: Tensor): Tensor2D
  /**
   * Forward and back.
   * @param batch `targets` T [batch, classes] of the loss -ΣT·logProbabilities
   * @returns log-probabilities [batch, classes] from before the step
   */
  step(batch: { inputs: Tensor; masks: Masks; targets: Tensor2D }, learn: Learn): Tensor2D
  /** Everything as TrainOptions.network has it, the norms' running statistics too. */
  snapshot(): Promise<StateDict>
  dispose(): void
}

/** @param network the head and whatever of the trunk lies above the cut */
export function openNetwork(tf: Tf, network: StateDict): NetworkModel {
  const cut = cutOfNetwork(network)
  const head = openHead(tf, network, { lowest: cut.stages.length === 0 })
  const trunk = cut.stages.length === 0 ? null : openTrunk(tf, network, cut)
  const parameters = trunk?.parameters ?? []
  const all = [...head.parameters, ...parameters, ...(trunk?.statistics ?? [])]
  return {
    head,
    trunk: { parameters },
    infer: (inputs) =>
      tf.tidy(() => head.infer(trunk === null ? (inputs as Tensor2D) : trunk.infer(inputs as Tensor4D))),
    step: ({ inputs, masks, targets }, learn) =>
      tf.tidy(() => {
        const pass = trunk?.train(inputs as Tensor4D)
        const output = head.train(pass?.features ?? (inputs as Tensor2D), masks)
        const slope = output.back(targets, learn)
        if (slope !== null) pass?.back(slope, learn)
        return output.logProbabilities
      }),
    snapshot: () => downloadParameters(tf, all),
    dispose: () => {
      disposeParameters(all)
    },
  }
}
