/**
 * A trunk of random weights, the same on every machine, for trying things out where no trained weights are at hand. Its
 * accuracy means nothing, but its features tell simple drawings apart.
 *
 * Only additions, multiplications, divisions and square roots, which IEEE 754 rounds exactly, so that its sha256 is a
 * constant.
 */
import { randomKey, randomWords } from '../domain/random.js'
import { convolutions, STAGES, STEM, type Convolution } from './resnet50.js'
import type { StateDict, Tensor } from './weights.js'

/**
 * A block adds its branch to what it was given: at full size that doubles the squares 16 times over. At this size the
 * features come out around 0.5, and pictures of one kind near each other.
 */
const BRANCH_SCALE = 0.25

export function randomTrunk(): StateDict {
  const branchEnds = new Set(STAGES.flatMap((stage) => stage.blocks.map((block) => block.conv3.name)))
  const tensors = new Map<string, Tensor>()
  convolutions().forEach((conv, i) => {
    const scale = branchEnds.has(conv.name) ? BRANCH_SCALE : 1
    const constant = (value: number): Tensor => ({
      shape: [conv.outChannels],
      data: new Float32Array(conv.outChannels).fill(value),
    })
    tensors.set(`${conv.name}.weight`, drawKernels(conv, i))
    tensors.set(`${conv.norm}.weight`, constant(scale))
    tensors.set(`${conv.norm}.bias`, constant(0))
    tensors.set(`${conv.norm}.running_mean`, constant(0))
    tensors.set(`${conv.norm}.running_var`, constant(1))
  })
  return tensors
}

/**
 * [out, in, kernel, kernel], a function of the convolution's position alone.
 *
 * Kaiming's uniform distribution for ReLU: ±sqrt(6 / fan-in). Each kernel but the stem's is then made to sum to 0: what
 * all channels share grows from layer to layer otherwise, until all pictures look the same.
 */
function drawKernels(conv: Convolution, position: number): Tensor {
  const { inChannels, outChannels, kernel } = conv
  const fanIn = inChannels * kernel ** 2
  const bound = Math.sqrt(6 / fanIn)
  const words = randomWords(randomKey(0, 'trunk', position), outChannels * fanIn)
  const data = new Float32Array(words.length)
  for (let start = 0; start < data.length; start += fanIn) {
    let sum = 0
    for (let i = start; i < start + fanIn; i++) {
      const value = ((words[i] as number) / 2 ** 31 - 1) * bound
      data[i] = value
      sum += value
    }
    const mean = conv === STEM ? 0 : sum / fanIn
    for (let i = start; i < start + fanIn; i++) data[i] = (data[i] as number) - mean
  }
  return { shape: [outChannels, inChannels, kernel, kernel], data }
}
