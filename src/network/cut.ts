/** Where the frozen part of the network ends and the part that learns begins, for every depth of training. */
import { TRAINABLE_LAYERS } from '../domain/hyperparameters.js'
import { FEATURE_COUNT, STAGES, STEM, type Convolution, type Stage } from './resnet50.js'
import type { StateDict } from './weights.js'

export type TrainableLayers = (typeof TRAINABLE_LAYERS)[number]

export interface Cut {
  /** What is frozen ends behind this module, as torchvision names it; at `images` nothing is frozen. */
  readonly name: 'avgpool' | 'layer3' | 'layer2' | 'layer1' | 'maxpool' | 'images'
  readonly channels: number
  /** Pixels of the picture, along a side, for each value of the activation; null where it is pooled. */
  readonly stride: number | null
  /** Whether conv1, bn1 and maxpool lie above the cut. */
  readonly stem: boolean
  /** The stages above the cut, in order. */
  readonly stages: readonly Stage[]
}

const CUTS: Readonly<Record<TrainableLayers, Cut>> = {
  HEAD: { name: 'avgpool', channels: FEATURE_COUNT, stride: null, stem: false, stages: [] },
  LAYER4: { name: 'layer3', channels: 1024, stride: 16, stem: false, stages: STAGES.slice(3) },
  LAYER3: { name: 'layer2', channels: 512, stride: 8, stem: false, stages: STAGES.slice(2) },
  LAYER2: { name: 'layer1', channels: 256, stride: 4, stem: false, stages: STAGES.slice(1) },
  LAYER1: { name: 'maxpool', channels: 64, stride: 4, stem: false, stages: STAGES },
  ALL: { name: 'images', channels: 3, stride: 1, stem: true, stages: STAGES },
}

export function cutOf(trainableLayers: TrainableLayers): Cut {
  return CUTS[trainableLayers]
}

/** Of one picture's activation: [2048], or [height, width, channels]. `imageSize` is a multiple of 32. */
export function cutShape({ stride, channels }: Cut, imageSize: number): readonly number[] {
  return stride === null ? [channels] : [imageSize / stride, imageSize / stride, channels]
}

/** The convolutions above the cut, in the order of `convolutions()`. */
export function trainedConvolutions({ stem, stages }: Cut): Convolution[] {
  const blocks = stages.flatMap((stage) => stage.blocks)
  return [
    ...(stem ? [STEM] : []),
    ...blocks.flatMap(({ conv1, conv2, conv3, downsample }) =>
      downsample === null ? [conv1, conv2, conv3] : [downsample, conv1, conv2, conv3],
    ),
  ]
}

/** The trunk's tensors above the cut: what the optimiser moves, and what batch norms keep. The head's are not among them. */
export function trainedTensorNames(trainableLayers: TrainableLayers): { parameters: string[]; statistics: string[] } {
  const convolutions = trainedConvolutions(cutOf(trainableLayers))
  return {
    parameters: convolutions.flatMap(({ name, norm }) => [`${name}.weight`, `${norm}.weight`, `${norm}.bias`]),
    statistics: convolutions.flatMap(({ norm }) => [`${norm}.running_mean`, `${norm}.running_var`]),
  }
}

/** The cut below a state dictionary's tensors: the deepest that has all its filters in it. */
export function cutOfNetwork(network: StateDict): Cut {
  const depths = TRAINABLE_LAYERS.filter((depth) =>
    trainedConvolutions(CUTS[depth]).every(({ name }) => network.has(`${name}.weight`)),
  )
  return CUTS[depths.at(-1) ?? 'HEAD']
}
