/** The head in TensorFlow.js: forward, and the gradients written out: they are few, and tfjs-core alone carries none. */
import type { Tensor2D } from '@tensorflow/tfjs-core'
import type { Tf } from '../engine/engine.type.js'
import { productOfTransposed, productWithTransposed } from '../engine/kernels/products.js'
import { reluGradient } from '../engine/kernels/relu-gradient.js'
import { tensorOf, type StateDict } from '../network/weights.js'
import { uploadParameter, type Parameter } from './parameters.js'
import type { Learn } from './pass.type.js'

/** What dropout multiplies each layer's input by; null where it has none. */
export type Masks = readonly (Tensor2D | null)[]

interface Layer {
  weight: Parameter
  bias: Parameter
}

export interface HeadModel {
  /** Weight and bias of each layer from the features to the classes. */
  readonly parameters: readonly Parameter[]
  /** Inputs of each layer; the first are the features. */
  readonly layerWidths: readonly number[]
  readonly classCount: number
  /** @returns log-probabilities [batch, classes] */
  infer(features: Tensor2D): Tensor2D
  train(features: Tensor2D, masks: Masks): HeadPass
}

export interface HeadPass {
  /** [batch, classes] */
  readonly logProbabilities: Tensor2D
  /**
   * @param targets T [batch, classes] of the loss -ΣT·logProbabilities
   * @returns the slope of the loss at the features; null where nothing below the head learns
   */
  back(targets: Tensor2D, learn: Learn): Tensor2D | null
}

/** @param options `lowest`: nothing below it learns */
export function openHead(tf: Tf, head: StateDict, { lowest }: { lowest: boolean }): HeadModel {
  const layers = layerIndices(head).map((index): Layer => {
    const open = (part: string): Parameter => {
      const name = `fc.${String(index)}.${part}`
      return uploadParameter(tf, name, tensorOf(head, name))
    }
    return { weight: open('weight'), bias: open('bias') }
  })
  return {
    parameters: layers.flatMap(({ weight, bias }) => [weight, bias]),
    layerWidths: layers.map(({ weight }) => weight.variable.shape[0]),
    classCount: layers.at(-1)?.bias.variable.shape[0] as number,
    infer: (features) => tf.tidy(() => forward(tf, layers, { features, masks: [] }).logProbabilities),
    train: (features, masks) => {
      const { logProbabilities, inputs } = forward(tf, layers, { features, masks })
      return {
        logProbabilities,
        back: (targets, learn) => backward(tf, layers, { logProbabilities, inputs, masks, targets, learn, lowest }),
      }
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

interface Way extends Activations {
  masks: Masks
  targets: Tensor2D
  learn: Learn
  lowest: boolean
}

function backward(
  tf: Tf,
  layers: readonly Layer[],
  { logProbabilities, inputs, masks, targets, learn, lowest }: Way,
): Tensor2D | null {
  // d(-ΣT·logSoftmax(z))/dz = softmax(z)·Σ_classes T - T
  let slope = tf.sub<Tensor2D>(tf.mul(tf.exp(logProbabilities), tf.sum(targets, 1, true)), targets)
  for (const [i, { weight, bias }] of [...layers.entries()].reverse()) {
    const input = inputs[i] as Tensor2D
    const isLast = i === 0 && lowest
    // Before the weight moves.
    const back = isLast ? null : productWithTransposed(tf, slope, matrix(weight))
    learn(weight, productOfTransposed(tf, input, slope))
    learn(bias, tf.sum(slope, 0))
    if (back === null) return null
    const mask = masks[i] ?? null
    const kept = mask === null ? back : tf.mul<Tensor2D>(back, mask)
    // The input is positive where ReLU passed and dropout kept; elsewhere nothing flows. Features come without a ReLU.
    slope = i === 0 ? kept : reluGradient(tf, kept, input)
  }
  return slope
}

function logSoftmax(tf: Tf, logits: Tensor2D): Tensor2D {
  const shifted = tf.sub<Tensor2D>(logits, tf.max(logits, 1, true))
  return tf.sub(shifted, tf.log(tf.sum(tf.exp(shifted), 1, true)))
}

function matrix({ variable }: Parameter): Tensor2D {
  return variable as unknown as Tensor2D
}
