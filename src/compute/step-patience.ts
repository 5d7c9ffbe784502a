/** How long the first step of a run may take, before one has been measured: generously, so that no long step is killed. */
import type { Hyperparameters } from '../domain/hyperparameters.js'
import type { Backend } from '../engine/engine.type.js'

/** Multiplications of ResNet-50 for a picture of 224 pixels; forward and back they are three times as many. */
const FORWARD_MACS = 4.1e9
const PASSES = 3
/** A tenth of what plain JavaScript was measured to do, and far below what the others do. */
const MACS_A_SECOND: Readonly<Record<Backend, number>> = { cpu: 65e6, wasm: 5e8, webgpu: 5e8, tensorflow: 5e8 }

type Asked = Pick<Hyperparameters, 'trainableLayers' | 'imageSize' | 'batchSize'>

/** Milliseconds that a step surely does not take, however much of the trunk learns. */
export function longestStepMs({ trainableLayers, imageSize, batchSize }: Asked, backend: Backend): number {
  if (trainableLayers === 'HEAD') return 0
  const macs = PASSES * FORWARD_MACS * (imageSize / 224) ** 2 * batchSize
  return (1000 * macs) / MACS_A_SECOND[backend]
}
