/**
 * A graph whose convolutions run on 8-bit integers, made from one in single precision by putting QuantizeLinear and
 * DequantizeLinear (QDQ, as ONNX Runtime reads it) around what is to be quantised. Weights are signed, symmetric, with a
 * scale for each output channel; activations unsigned with one scale and zero point; biases 32-bit. A relu costs nothing:
 * its output's zero point is 0, so that rounding to bytes cuts off what is negative.
 */
import type { OnnxGraph, OnnxNode, OnnxTensor } from './onnx.js'
import { biasOf, byteScale, quantiseWeights, weightScales, type ByteScale, type Range } from './quantise.js'

/** Range of each activation's values, by name. */
export type Ranges = ReadonlyMap<string, Range>

const QUANTISED = ['Conv', 'Relu', 'Add', 'MaxPool']

/** The activations that are bytes between the layers: what convolutions and additions give, behind their relu. */
export function quantisedActivations({ input, nodes }: OnnxGraph): string[] {
  const beforeRelu = new Set(nodes.flatMap(({ operator, inputs }) => (operator === 'Relu' ? inputs : [])))
  const made = nodes.filter(({ operator, output }) => QUANTISED.includes(operator) && !beforeRelu.has(output))
  return [input.name, ...made.map((node) => node.output)]
}

/** The same graph with another output: `ranges` [2 · activations, 1, 1, 1], minimum and maximum of each, in order. */
export function rangeGraph(graph: OnnxGraph): OnnxGraph {
  const reduced = quantisedActivations(graph).flatMap((name): OnnxNode[] => [
    { operator: 'ReduceMin', inputs: [name], output: `${name}.min` },
    { operator: 'ReduceMax', inputs: [name], output: `${name}.max` },
  ])
  const inputs = reduced.map((node) => node.output)
  const concatenated = { operator: 'Concat', inputs, output: 'ranges', attributes: { axis: 0 } }
  return {
    ...graph,
    nodes: [...graph.nodes, ...reduced, concatenated],
    output: { name: 'ranges', shape: [inputs.length, 1, 1, 1] },
  }
}

/** @throws RangeError where an activation's range is missing */
export function quantisedGraph(graph: OnnxGraph, ranges: Ranges): OnnxGraph {
  const scales = new Map(quantisedActivations(graph).map((name) => [name, scaleOf(name, ranges)]))
  const weights = new Map(graph.weights.map((tensor) => [tensor.name, tensor]))
  const around = (name: string): OnnxNode[] => (scales.has(name) ? quantiseNodes(name) : [])
  const convolutions = graph.nodes.filter(({ operator }) => operator === 'Conv')
  const nodes = graph.nodes.flatMap((node) => {
    const inputs = node.inputs.map((name) => (scales.has(name) ? `${name}.real` : name))
    if (node.operator !== 'Conv') return [{ ...node, inputs }, ...around(node.output)]
    const [input = '', weight = '', bias = ''] = inputs
    const real = { ...node, inputs: [input, `${weight}.real`, `${bias}.real`] }
    return [dequantise(weight, { axis: 0 }), dequantise(bias, { axis: 0 }), real, ...around(node.output)]
  })
  return {
    ...graph,
    nodes: [...around(graph.input.name), ...nodes],
    weights: [
      ...[...scales].flatMap(([name, scale]) => scaleTensors(name, scale)),
      ...convolutions.flatMap(({ inputs: [input = '', weight = '', bias = ''] }) =>
        convolutionTensors(scales.get(input), weights.get(weight), weights.get(bias)),
      ),
    ],
  }
}

function scaleOf(name: string, ranges: Ranges): ByteScale {
  const range = ranges.get(name)
  if (range === undefined) throw new RangeError(`The activation ${name} was not measured.`)
  return byteScale(range)
}

/** `name` as bytes and back: consumers read `name.real`. */
function quantiseNodes(name: string): OnnxNode[] {
  const scale = [`${name}.scale`, `${name}.zero`]
  const bytes = `${name}.bytes`
  return [
    { operator: 'QuantizeLinear', inputs: [name, ...scale], output: bytes },
    { operator: 'DequantizeLinear', inputs: [bytes, ...scale], output: `${name}.real` },
  ]
}

function dequantise(name: string, attributes: Record<string, number>): OnnxNode {
  const inputs = [`${name}.integers`, `${name}.scale`, `${name}.zero`]
  return { operator: 'DequantizeLinear', inputs, output: `${name}.real`, attributes }
}

function scaleTensors(name: string, { scale, zero }: ByteScale): OnnxTensor[] {
  return [
    { name: `${name}.scale`, shape: [], data: Float32Array.of(scale) },
    { name: `${name}.zero`, shape: [], data: Uint8Array.of(zero) },
  ]
}

function convolutionTensors(input?: ByteScale, weight?: OnnxTensor, bias?: OnnxTensor): OnnxTensor[] {
  if (!input || !(weight?.data instanceof Float32Array) || !(bias?.data instanceof Float32Array)) {
    throw new RangeError('A convolution lacks its weights or reads what is no activation.')
  }
  const channels = bias.shape
  const scales = weightScales({ weight: weight.data, bias: bias.data, inputScale: input.scale })
  const biasScales = scales.map((scale) => scale * input.scale)
  const named = (name: string, shape: readonly number[], data: OnnxTensor['data']): OnnxTensor => ({
    name,
    shape,
    data,
  })
  return [
    named(`${weight.name}.integers`, weight.shape, quantiseWeights(weight.data, scales)),
    named(`${weight.name}.scale`, channels, scales),
    named(`${weight.name}.zero`, channels, new Int8Array(scales.length)),
    named(`${bias.name}.integers`, channels, biasOf(bias.data, biasScales)),
    named(`${bias.name}.scale`, channels, biasScales),
    named(`${bias.name}.zero`, channels, new Int32Array(scales.length)),
  ]
}
