/** The frozen trunk on the engine that trains: where that is a GPU, it is quicker there than on the processor. */
import type { Engine } from '../engine/engine.type.js'
import type { TrunkSession } from '../inference/sessions.js'
import type { Cut } from '../network/cut.js'
import { STAGES } from '../network/resnet50.js'
import type { StateDict } from '../network/weights.js'
import { openFrozenTrunk } from '../training/frozen.trunk.js'
import { averagePool } from '../training/pooling.js'

/** As `createTrunkSession` up to a cut, from which its features differ by rounding. */
export function createEngineTrunk({ tf }: Engine, trunk: StateDict, cut: Cut): TrunkSession {
  const stages = STAGES.filter((stage) => !cut.stages.includes(stage))
  const frozen = openFrozenTrunk(tf, trunk, stages)
  return {
    features: async (images, count, imageSize) => {
      const features = tf.tidy(() => {
        const pictures = tf.tensor4d(images, [count, 3, imageSize, imageSize])
        const activations = frozen.activate(tf.transpose(pictures, [0, 2, 3, 1]))
        return cut.stride === null ? averagePool(tf, activations) : activations
      })
      try {
        return await features.data<'float32'>()
      } finally {
        features.dispose()
      }
    },
    release: () => {
      frozen.dispose()
      return Promise.resolve()
    },
  }
}
