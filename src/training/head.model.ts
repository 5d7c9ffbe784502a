/**
 * The head in TensorFlow.js: forward, and the gradients written out. (They are few, tfjs-core alone carries none, and
 * transposing before a product instead of inside it is 25 times faster on WebAssembly.)
 */
import type { Tensor2D } from '@tensorflow/tfjs-core'
import type { Tf } from '../engine/engine.type.js'
import { tensorOf, type StateDict } from '../network/weights.js'
import { uploadParameter, type Parameter } from './parameters.js'

/** What dropout multiplies each layer's input by; null where it has none. */
type Masks = readonly (Tensor2D | null)[]

interface Layer {
  weight: Parameter
  bias: Parameter
}

export interface HeadModel {
  /** Weight and bias of each layer from the features to the classes; gradients come in the same order. */
  readonly parameters: readonly Parameter[]
  /** Inputs of each layer; the first are the features. */
  readonly layerWidths: readonly number[]
  readonly classCount: number
  /** @returns log-probabilities [batch, classes] */
  predict(features: Tensor2D): Tensor2D
  /**
   * @param targets T [batch, classes] of the loss -ΣT·logProbabilities
   */
  step(features: Tensor2D, masks: Masks, targets: Tensor2D): HeadGradients
  dispose(): void
}

interface HeadGradients {
  logProbabilities: Tensor2D
  gradients: Tensor2D[]
}

export function openHead(tf: Tf, head: StateDict): HeadModel {
  const layers = layerIndices(head).map((index): Layer => {
    const open = (part: string): Parameter => {
      const name = `fc.${String(index)}.${part}`
      return uploadParameter(tf, name, tensorOf(head, name))
    }
    return { weight: open('weight'), bias: open('bias') }
  })
  const parameters = layers.flatMap(({ weight, bias }) => [weight, bias])
  return {
    parameters,
    layerWidths: layers.map(({ weight }) => weight.variable.shape[0]),
    classCount: layers.at(-1)?.bias.variable.shape[0] as number,
    predict: (features) => tf.tidy(() => forward(tf, layers, { features, masks: [] }).logProbabilities),
    step: (features, masks, targets) => {
      const { logProbabilities, inputs } = forward(tf, layers, { features, masks })
      return { logProbabilities, gradients: backward(tf, layers, { logProbabilities, inputs, masks, targets }) }
    },
    dispose: () => {
      for (const { variable } of parameters) variable.dispose()
    },
  }
}

function layerIndices(head: StateDict): number[] {
  const indices = [...head.keys()].flatMap((name) => /^fc\.(\d+)\.weight$/.exec(name)?.[1] ?? [])
  return indices.map(Number).sort((a, b) => a - b)
}

interface Input {
  features: Tensor2D
  masks: Masks
}

interface Activations {
  logProbabilities: Tensor2D
  /** What each layer multiplied: the features or the layer before, after dropout. */
  inputs: Tensor2D[]
}

function forward(tf: Tf, layers: readonly Layer[], { features, masks }: Input): Activations {
  const inputs: Tensor2D[] = []
  let out = features
  for (const [i, { weight, bias }] of layers.entries()) {
    const activation = i === 0 ? out : tf.relu(out)
    const mask = masks[i] ?? null
    const input = mask === null ? activation : tf.mul<Tensor2D>(activation, mask)
    inputs.push(input)
    out = tf.add(tf.matMul(input, matrix(weight)), bias.variable)
  }
  return { logProbabilities: logSoftmax(tf, out), inputs }
}

function backward(
  tf: Tf,
  layers: readonly Layer[],
  { logProbabilities, inputs, masks, targets }: Activations & { masks: Masks; targets: Tensor2D },
): Tensor2D[] {
  const gradients: Tensor2D[] = []
  // d(-ΣT·logSoftmax(z))/dz = softmax(z)·Σ_classes T - T
  let slope = tf.sub<Tensor2D>(tf.mul(tf.exp(logProbabilities), tf.sum(targets, 1, true)), targets)
  for (let i = layers.length - 1; i >= 0; i--) {
    const input = inputs[i] as Tensor2D
    gradients.unshift(tf.matMul(tf.transpose(input), slope), tf.sum(slope, 0))
    if (i === 0) break
    const back = tf.matMul(slope, tf.transpose(matrix((layers[i] as Layer).weight)))
    const mask = masks[i] ?? null
    // The input is positive where ReLU passed and dropout kept; elsewhere nothing flows.
    const open = tf.step(input)
    slope = tf.mul(back, mask === null ? open : tf.mul(open, mask))
  }
  return gradients
}

function logSoftmax(tf: Tf, logits: Tensor2D): Tensor2D {
  const shifted = tf.sub<Tensor2D>(logits, tf.max(logits, 1, true))
  return tf.sub(shifted, tf.log(tf.sum(tf.exp(shifted), 1, true)))
}

function matrix({ variable }: Parameter): Tensor2D {
  return variable as unknown as Tensor2D
}
