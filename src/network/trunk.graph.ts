/** The frozen part of the network as an ONNX graph: pictures in, activations at the cut out. */
import { cutOf, type Cut } from './cut.js'
import { foldNorm } from './fold.js'
import type { OnnxGraph, OnnxNode, OnnxTensor, OnnxValue } from './onnx.js'
import { FEATURE_COUNT, MAX_POOL, STAGES, STEM, type Bottleneck, type Convolution, type Stage } from './resnet50.js'
import type { StateDict } from './weights.js'

/**
 * Input `images` [N, 3, H, W] of any N, H and W; output `features` [N, 2048] or, at a cut below the pooling, [N, H / stride,
 * W / stride, channels]: channels last, as training takes them. Single precision, batch norms folded.
 * @param cut of a depth of training, pooled by default; there is no graph up to the pictures themselves
 */
export function trunkGraph(trunk: StateDict, cut: Cut = cutOf('HEAD')): OnnxGraph {
  const stages = frozenStages(cut)
  const blocks = stages.flatMap((stage) => stage.blocks)
  const inputs = ['maxpool', ...blocks.map((block) => block.name)]
  return {
    name: 'resnet50',
    nodes: [
      convNode(STEM, 'images'),
      relu(STEM.name),
      { operator: 'MaxPool', inputs: [`${STEM.name}.relu`], output: 'maxpool', attributes: window(MAX_POOL) },
      ...blocks.flatMap((block, i) => bottleneckNodes(block, inputs[i] as string)),
      ...outputNodes(cut, inputs.at(-1) as string),
    ],
    weights: [STEM, ...blocks.flatMap(convolutionsOf)].flatMap((conv) => foldedWeights(trunk, conv)),
    input: { name: 'images', shape: ['N', 3, 'H', 'W'] },
    output: outputOf(cut),
  }
}

/** The pooled graph with what it pools as a second output: `activations` [N, 2048, H / 32, W / 32]. */
export function withActivations(graph: OnnxGraph): OnnxGraph {
  const last = STAGES.at(-1)?.blocks.at(-1) as Bottleneck
  return {
    ...graph,
    nodes: [...graph.nodes, { operator: 'Identity', inputs: [last.name], output: 'activations' }],
    otherOutputs: [{ name: 'activations', shape: ['N', FEATURE_COUNT, 'h', 'w'] }],
  }
}

/** @throws RangeError where nothing is frozen */
function frozenStages({ name, stages }: Cut): readonly Stage[] {
  if (name === 'images') throw new RangeError('Nothing is frozen, so there is no graph of it.')
  return STAGES.filter((stage) => !stages.includes(stage))
}

function outputNodes({ stride }: Cut, last: string): OnnxNode[] {
  if (stride !== null) {
    return [{ operator: 'Transpose', inputs: [last], output: 'features', attributes: { perm: [0, 2, 3, 1] } }]
  }
  return [
    { operator: 'GlobalAveragePool', inputs: [last], output: 'pooled' },
    { operator: 'Flatten', inputs: ['pooled'], output: 'features', attributes: { axis: 1 } },
  ]
}

function outputOf({ stride, channels }: Cut): OnnxValue {
  return { name: 'features', shape: stride === null ? ['N', channels] : ['N', 'h', 'w', channels] }
}

function convolutionsOf({ conv1, conv2, conv3, downsample }: Bottleneck): Convolution[] {
  return downsample === null ? [conv1, conv2, conv3] : [downsample, conv1, conv2, conv3]
}

/** relu(conv3(relu(conv2(relu(conv1(x))))) + x), or + downsample(x) where the shape changes; the output has its name. */
function bottleneckNodes({ name, conv1, conv2, conv3, downsample }: Bottleneck, input: string): OnnxNode[] {
  const around = downsample?.name ?? input
  return [
    convNode(conv1, input),
    relu(conv1.name),
    convNode(conv2, `${conv1.name}.relu`),
    relu(conv2.name),
    convNode(conv3, `${conv2.name}.relu`),
    ...(downsample === null ? [] : [convNode(downsample, input)]),
    { operator: 'Add', inputs: [conv3.name, around], output: `${name}.sum` },
    { operator: 'Relu', inputs: [`${name}.sum`], output: name },
  ]
}

function convNode(conv: Convolution, input: string): OnnxNode {
  return {
    operator: 'Conv',
    inputs: [input, `${conv.name}.weight`, `${conv.name}.bias`],
    output: conv.name,
    attributes: window(conv),
  }
}

function relu(input: string): OnnxNode {
  return { operator: 'Relu', inputs: [input], output: `${input}.relu` }
}

function window({
  kernel,
  stride,
  padding,
}: {
  kernel: number
  stride: number
  padding: number
}): Record<string, number[]> {
  return {
    kernel_shape: [kernel, kernel],
    strides: [stride, stride],
    pads: [padding, padding, padding, padding],
  }
}

function foldedWeights(trunk: StateDict, conv: Convolution): OnnxTensor[] {
  const { weight, bias } = foldNorm(trunk, conv)
  return [
    { name: `${conv.name}.weight`, ...weight },
    { name: `${conv.name}.bias`, ...bias },
  ]
}
