/** The frozen trunk on the engine that trains: where that is a GPU, it is quicker there than on the processor. */
import type { Engine } from '../engine/engine.type.js'
import type { TrunkSession } from '../inference/sessions.js'
import { cutOf } from '../network/cut.js'
import type { StateDict } from '../network/weights.js'
import { openTrunk } from '../training/trunk.model.js'

/** As `createTrunkSession` up to the pooled features, which differ from that one's by rounding. */
export function createEngineTrunk({ tf }: Engine, trunk: StateDict): TrunkSession {
  const model = openTrunk(tf, trunk, cutOf('ALL'))
  return {
    features: async (images, count, imageSize) => {
      const features = tf.tidy(() => {
        const pictures = tf.tensor4d(images, [count, 3, imageSize, imageSize])
        return model.infer(tf.transpose(pictures, [0, 2, 3, 1]))
      })
      try {
        return await features.data<'float32'>()
      } finally {
        features.dispose()
      }
    },
    release: () => {
      for (const { variable } of [...model.parameters, ...model.statistics]) variable.dispose()
      return Promise.resolve()
    },
  }
}
