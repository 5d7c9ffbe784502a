/** The whole network as one ONNX graph: pictures in, probabilities out. */
import { headPart } from './head.graph.js'
import { writeOnnx } from './onnx.js'
import { trunkGraph } from './trunk.graph.js'
import type { StateDict } from './weights.js'

export interface NetworkGraphOptions {
  /** Side of a picture in pixels: a head is right for the size that it was trained at. */
  readonly imageSize: number
  readonly metadata: Readonly<Record<string, string>>
}

/**
 * Input `images` [N, 3, imageSize, imageSize] of any N, preprocessed as images/ does it; output `probabilities`
 * [N, classes]. The trunk's output has the name of the head's input.
 * @param network the trunk's tensors and the head's
 */
export function networkGraph(network: StateDict, options: NetworkGraphOptions): Uint8Array {
  const { imageSize, metadata } = options
  const [trunk, head] = [trunkGraph(network), headPart(network)]
  const graph = {
    name: 'graft',
    nodes: [...trunk.nodes, ...head.nodes, { operator: 'Exp', inputs: [head.output.name], output: 'probabilities' }],
    weights: [...trunk.weights, ...head.weights],
    input: { ...trunk.input, shape: ['N', 3, imageSize, imageSize] },
    output: { ...head.output, name: 'probabilities' },
  }
  return writeOnnx(graph, metadata)
}
