import type { Cut } from './cut.js'
import { MAX_POOL, STAGES, STEM } from './resnet50.js'

/** Values that the convolutions above the cut put out for one picture. */
export function activationCount(cut: Cut, imageSize: number): number {
  let values = cut.stem ? (imageSize / STEM.stride) ** 2 * STEM.outChannels : 0
  let side = imageSize / STEM.stride / MAX_POOL.stride
  for (const stage of STAGES) {
    for (const { conv1, conv2, conv3, downsample } of stage.blocks) {
      const within = side ** 2 * conv1.outChannels
      side /= conv2.stride
      const out = side ** 2 * (conv2.outChannels + conv3.outChannels + (downsample?.outChannels ?? 0))
      if (cut.stages.includes(stage)) values += within + out
    }
  }
  return values
}
