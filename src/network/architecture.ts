/** The network as PyTorch's print(model) writes it, and its size. */
import { cutOf, trainedConvolutions, type TrainableLayers } from './cut.js'
import { headLayout, linearLayers, type HeadLayer, type HeadSpec } from './head.js'
import {
  BATCH_NORM_EPSILON,
  convolutions,
  MAX_POOL,
  STAGES,
  STEM,
  type Bottleneck,
  type Convolution,
} from './resnet50.js'

/** A module's name and how it prints; a container's children print below it. */
interface Module {
  readonly name: string
  readonly text: string
  readonly children?: readonly Module[]
}

/** With PyTorch's two-space indentation. */
export function moduleTree(head: HeadSpec): string {
  const layers = headLayout(head).map((layer): Module => ({ name: String(layer.index), text: headLayer(layer) }))
  const children = [
    convolution(STEM, 'conv1'),
    batchNorm(STEM, 'bn1'),
    RELU,
    {
      name: 'maxpool',
      text: `MaxPool2d(kernel_size=${String(MAX_POOL.kernel)}, stride=${String(MAX_POOL.stride)}, padding=${String(MAX_POOL.padding)}, dilation=1, ceil_mode=False)`,
    },
    ...STAGES.map(({ name, blocks }): Module => ({ name, text: 'Sequential', children: blocks.map(bottleneck) })),
    { name: 'avgpool', text: 'AdaptiveAvgPool2d(output_size=(1, 1))' },
    { name: 'fc', text: 'Sequential', children: layers },
  ]
  return [`ResNet(`, ...children.flatMap((child) => print(child, '  ')), ')'].join('\n')
}

function print({ name, text, children }: Module, indent: string): string[] {
  if (children === undefined) return [`${indent}(${name}): ${text}`]
  return [`${indent}(${name}): ${text}(`, ...children.flatMap((child) => print(child, `${indent}  `)), `${indent})`]
}

/** The reference prints the trunk's as an older PyTorch does. */
const RELU: Module = { name: 'relu', text: 'ReLU(inplace)' }

function bottleneck({ name, conv1, conv2, conv3, downsample }: Bottleneck, index: number): Module {
  const main = [conv1, conv2, conv3].flatMap((conv) => [
    convolution(conv, conv.name.slice(name.length + 1)),
    batchNorm(conv, conv.norm.slice(name.length + 1)),
  ])
  const around: Module[] =
    downsample === null
      ? []
      : [
          {
            name: 'downsample',
            text: 'Sequential',
            children: [convolution(downsample, '0'), batchNorm(downsample, '1')],
          },
        ]
  return { name: String(index), text: 'Bottleneck', children: [...main, RELU, ...around] }
}

function convolution({ inChannels, outChannels, kernel, stride, padding }: Convolution, name: string): Module {
  const pair = (value: number): string => `(${String(value)}, ${String(value)})`
  const pad = padding === 0 ? '' : `, padding=${pair(padding)}`
  const text = `Conv2d(${String(inChannels)}, ${String(outChannels)}, kernel_size=${pair(kernel)}, stride=${pair(stride)}${pad}, bias=False)`
  return { name, text }
}

function batchNorm({ outChannels }: Convolution, name: string): Module {
  const text = `BatchNorm2d(${String(outChannels)}, eps=${pythonFloat(BATCH_NORM_EPSILON)}, momentum=0.1, affine=True, track_running_stats=True)`
  return { name, text }
}

function headLayer(layer: HeadLayer): string {
  switch (layer.kind) {
    case 'dropout':
      return `Dropout(p=${pythonFloat(layer.rate)})`
    case 'linear':
      return `Linear(in_features=${String(layer.inFeatures)}, out_features=${String(layer.outFeatures)}, bias=True)`
    case 'relu':
      return 'ReLU()'
    case 'logSoftmax':
      return 'LogSoftmax()'
  }
}

/** As Python's repr: "0.0", "0.5", "1e-05". It turns to exponents below 1e-4, with two digits at least. */
function pythonFloat(value: number): string {
  if (Number.isInteger(value)) return value.toFixed(1)
  if (Math.abs(value) >= 1e-4) return String(value)
  return value.toExponential().replace(/e-(\d)$/, 'e-0$1')
}

export interface ParameterCounts {
  parameterCount: number
  /** Those that learn at the depth. */
  trainableParameterCount: number
}

/** Weights and biases; batch norms' running statistics are none. */
export function parameterCounts(head: HeadSpec, trainableLayers: TrainableLayers): ParameterCounts {
  const inHead = linearLayers(head).reduce(
    (sum, { inFeatures, outFeatures }) => sum + (inFeatures + 1) * outFeatures,
    0,
  )
  return {
    parameterCount: inHead + parametersOf(convolutions()),
    trainableParameterCount: inHead + parametersOf(trainedConvolutions(cutOf(trainableLayers))),
  }
}

/** Of convolutions with the weight and the bias of the batch norms behind them. */
function parametersOf(layers: readonly Convolution[]): number {
  return layers.reduce(
    (sum, { inChannels, outChannels, kernel }) => sum + outChannels * (inChannels * kernel ** 2 + 2),
    0,
  )
}
