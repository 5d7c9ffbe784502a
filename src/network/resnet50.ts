/**
 * ResNet-50 said once, with torchvision's names (torchvision/models/resnet.py: bottleneck blocks, the stride in conv2).
 * Weight names and shapes, the ONNX graph, the printed module tree and the parameter counts all come from here.
 */

/** A convolution without bias, and the batch norm behind it. Square kernel, equal strides and padding on all sides. */
export interface Convolution {
  readonly name: string
  readonly norm: string
  readonly inChannels: number
  readonly outChannels: number
  readonly kernel: number
  readonly stride: number
  readonly padding: number
}

export interface Bottleneck {
  readonly name: string
  readonly conv1: Convolution
  readonly conv2: Convolution
  readonly conv3: Convolution
  /** On the way around, where the shape changes. */
  readonly downsample: Convolution | null
}

export interface Stage {
  readonly name: string
  readonly blocks: readonly Bottleneck[]
}

/** Pooled values for each picture, what a head sees. */
export const FEATURE_COUNT = 2048
export const BATCH_NORM_EPSILON = 1e-5

export const STEM: Convolution = convolution({ name: 'conv1', norm: 'bn1', channels: [3, 64], kernel: 7, stride: 2 })
/** Between the stem and the first stage. */
export const MAX_POOL = { kernel: 3, stride: 2, padding: 1 } as const

/** Bottleneck width, number of blocks and first stride of the four stages; each puts out four times its width. */
export const STAGES: readonly Stage[] = [
  stage({ name: 'layer1', inChannels: 64, width: 64, blockCount: 3, stride: 1 }),
  stage({ name: 'layer2', inChannels: 256, width: 128, blockCount: 4, stride: 2 }),
  stage({ name: 'layer3', inChannels: 512, width: 256, blockCount: 6, stride: 2 }),
  stage({ name: 'layer4', inChannels: 1024, width: 512, blockCount: 3, stride: 2 }),
]

function stage(from: { name: string; inChannels: number; width: number; blockCount: number; stride: number }): Stage {
  const blocks = Array.from({ length: from.blockCount }, (_, i) =>
    bottleneck({
      name: `${from.name}.${String(i)}`,
      inChannels: i === 0 ? from.inChannels : 4 * from.width,
      width: from.width,
      stride: i === 0 ? from.stride : 1,
    }),
  )
  return { name: from.name, blocks }
}

function bottleneck(from: { name: string; inChannels: number; width: number; stride: number }): Bottleneck {
  const { name, inChannels, width, stride } = from
  const outChannels = 4 * width
  const main = (i: number, rest: Omit<ConvolutionFrom, 'name' | 'norm'>): Convolution =>
    convolution({ name: `${name}.conv${String(i)}`, norm: `${name}.bn${String(i)}`, ...rest })
  return {
    name,
    conv1: main(1, { channels: [inChannels, width], kernel: 1, stride: 1 }),
    conv2: main(2, { channels: [width, width], kernel: 3, stride }),
    conv3: main(3, { channels: [width, outChannels], kernel: 1, stride: 1 }),
    downsample:
      inChannels === outChannels
        ? null
        : convolution({
            name: `${name}.downsample.0`,
            norm: `${name}.downsample.1`,
            channels: [inChannels, outChannels],
            kernel: 1,
            stride,
          }),
  }
}

interface ConvolutionFrom {
  name: string
  norm: string
  channels: [number, number]
  kernel: number
  stride: number
}

function convolution(from: ConvolutionFrom): Convolution {
  const { channels, kernel, ...rest } = from
  return { ...rest, inChannels: channels[0], outChannels: channels[1], kernel, padding: (kernel - 1) / 2 }
}

/** All 53 convolutions in the order in which they run, the way around before the way through. */
export function convolutions(): Convolution[] {
  const blocks = STAGES.flatMap((each) => each.blocks)
  return [
    STEM,
    ...blocks.flatMap(({ conv1, conv2, conv3, downsample }) =>
      downsample === null ? [conv1, conv2, conv3] : [downsample, conv1, conv2, conv3],
    ),
  ]
}

/** Batch norms' tensors, each of shape [channels]; the first two are learnt. */
export const NORM_TENSORS = ['weight', 'bias', 'running_mean', 'running_var'] as const

/** Names and shapes of the trunk's tensors, without the classifier `fc`. */
export function trunkShapes(): Map<string, readonly number[]> {
  const shapes = new Map<string, readonly number[]>()
  for (const { name, norm, inChannels, outChannels, kernel } of convolutions()) {
    shapes.set(`${name}.weight`, [outChannels, inChannels, kernel, kernel])
    for (const tensor of NORM_TENSORS) shapes.set(`${norm}.${tensor}`, [outChannels])
  }
  return shapes
}
