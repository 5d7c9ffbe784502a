/** The frozen trunk on the engine that trains: where that is a GPU, it is quicker there than on the processor. */
import type { Engine } from '../engine/engine.type.js'
import type { TrunkSession } from '../inference/sessions.js'
import type { Cut } from '../network/cut.js'
import { STAGES } from '../network/resnet50.js'
import type { StateDict } from '../network/weights.js'
import { openTrunk } from '../training/trunk.model.js'

/** As `createTrunkSession` up to a cut, from which its features differ by rounding. */
export function createEngineTrunk({ tf }: Engine, trunk: StateDict, cut: Cut): TrunkSession {
  const model = openTrunk(tf, trunk, { stem: true, stages: STAGES.filter((stage) => !cut.stages.includes(stage)) })
  return {
    features: async (images, count, imageSize) => {
      const features = tf.tidy(() => {
        const pictures = tf.tensor4d(images, [count, 3, imageSize, imageSize])
        const channelsLast = tf.transpose(pictures, [0, 2, 3, 1])
        return cut.stride === null ? model.infer(channelsLast) : model.activate(channelsLast)
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
