/** A head in inference mode as an ONNX graph: dropout is the identity, so only linear layers and ReLU remain. */
import { readHead, type Linear } from './head.js'
import { writeOnnx, type OnnxGraph, type OnnxNode } from './onnx.js'
import { FEATURE_COUNT } from './resnet50.js'
import type { StateDict } from './weights.js'

/** Input `features` [N, 2048] of any N; output `logProbabilities` [N, classes]. */
export function headGraph(head: StateDict): Uint8Array {
  return writeOnnx(headPart(head))
}

/** The same as a part of a larger graph; of all tensors it looks at the head's only. */
export function headPart(head: StateDict): OnnxGraph {
  const layers = readHead(head)
  const last = layers.at(-1) as Linear
  return {
    name: 'head',
    nodes: [
      ...layers.flatMap((_, i) => layerNodes(i, i === layers.length - 1)),
      { operator: 'LogSoftmax', inputs: ['logits'], output: 'logProbabilities', attributes: { axis: 1 } },
    ],
    weights: layers.flatMap(({ weight, bias }, i) => [
      { name: `linear${String(i)}.weight`, ...weight },
      { name: `linear${String(i)}.bias`, ...bias },
    ]),
    input: { name: 'features', shape: ['N', FEATURE_COUNT] },
    output: { name: 'logProbabilities', shape: ['N', last.bias.data.length] },
  }
}

/** PyTorch keeps weights [out, in]: transB multiplies by the transpose. */
function layerNodes(i: number, isLast: boolean): OnnxNode[] {
  const linear = `linear${String(i)}`
  const input = i === 0 ? 'features' : `relu${String(i - 1)}`
  const inputs = [input, `${linear}.weight`, `${linear}.bias`]
  if (isLast) return [{ operator: 'Gemm', inputs, output: 'logits', attributes: { transB: 1 } }]
  return [
    { operator: 'Gemm', inputs, output: linear, attributes: { transB: 1 } },
    { operator: 'Relu', inputs: [linear], output: `relu${String(i)}` },
  ]
}

/**
 * The derivative of logits with respect to the features: forward to the last ReLU, then back through each layer's weights,
 * past those units only that were above 0. Inputs `features` [N, 2048] and `direction` [N, classes], 1 for the logit that
 * is derived; output `gradient` [N, 2048].
 */
export function headGradientGraph(head: StateDict): Uint8Array {
  const { nodes, weights, input, output } = headPart(head)
  const layers = readHead(head)
  const forward = nodes.filter((node) => node.output !== 'logits' && node.output !== output.name)
  return writeOnnx({
    name: 'headGradient',
    nodes: [...forward, ...layers.flatMap((_, i) => backwardNodes(i, layers.length)).reverse()],
    weights,
    input,
    otherInputs: [{ name: 'direction', shape: output.shape }],
    output: { name: 'gradient', shape: input.shape },
  })
}

/** The last one first when reversed. */
function backwardNodes(i: number, count: number): OnnxNode[] {
  const above = i === count - 1 ? 'direction' : `derived${String(i)}`
  const inputs = [above, `linear${String(i)}.weight`]
  if (i === 0) return [{ operator: 'Gemm', inputs, output: 'gradient' }]
  const [back, isOn] = [`back${String(i)}`, `isOn${String(i)}`]
  return [
    { operator: 'Mul', inputs: [back, isOn], output: `derived${String(i - 1)}` },
    { operator: 'Sign', inputs: [`relu${String(i - 1)}`], output: isOn },
    { operator: 'Gemm', inputs, output: back },
  ]
}
