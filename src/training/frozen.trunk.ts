/** What is frozen below a cut, in TensorFlow.js: each norm folded into the convolution before it, as for ONNX Runtime. */
import type { Tensor1D, Tensor4D, Variable } from '@tensorflow/tfjs-core'
import type { Tf } from '../engine/engine.type.js'
import { foldNorm } from '../network/fold.js'
import { STEM, type Bottleneck, type Convolution, type Stage } from '../network/resnet50.js'
import type { StateDict } from '../network/weights.js'
import { convolveFolded } from './convolution.js'
import { uploadTensor } from './parameters.js'
import { maxPool } from './pooling.js'

export interface FrozenTrunk {
  /**
   * @param pictures [batch, height, width, 3], normalised
   * @returns [batch, height, width, channels] behind the last stage
   */
  activate(pictures: Tensor4D): Tensor4D
  dispose(): void
}

type Layer = (x: Tensor4D) => Tensor4D

/** @param stages from the first one on */
export function openFrozenTrunk(tf: Tf, trunk: StateDict, stages: readonly Stage[]): FrozenTrunk {
  const variables: Variable[] = []
  const open = (conv: Convolution, relu: boolean): Layer => {
    const { weight, bias } = foldNorm(trunk, conv)
    const folded = { filter: uploadTensor(tf, weight), bias: uploadTensor(tf, bias) }
    variables.push(folded.filter, folded.bias)
    const tensors = folded as unknown as { filter: Tensor4D; bias: Tensor1D }
    return (x) => convolveFolded(tf, conv, { x, ...tensors, relu })
  }
  const openBlock = ({ conv1, conv2, conv3, downsample }: Bottleneck): Layer => {
    const branch = [open(conv1, true), open(conv2, true), open(conv3, false)]
    const around: Layer = downsample === null ? (x) => x : open(downsample, false)
    return (x) =>
      tf.relu(
        tf.add<Tensor4D>(
          branch.reduce((y, layer) => layer(y), x),
          around(x),
        ),
      )
  }
  const layers: Layer[] = [
    open(STEM, true),
    (x) => maxPool(tf, x),
    ...stages.flatMap((stage) => stage.blocks).map(openBlock),
  ]
  return {
    activate: (pictures) => {
      let x = pictures
      for (const layer of layers) {
        const output = tf.tidy(() => layer(x))
        if (x !== pictures) x.dispose()
        x = output
      }
      return x
    },
    dispose: () => {
      for (const variable of variables) variable.dispose()
    },
  }
}
