/** The head that is grafted on the trunk: dropout, linear and ReLU for each hidden layer, then linear and log-softmax. */
import { randomKey, randomUniforms } from '../domain/random.js'
import { FEATURE_COUNT } from './resnet50.js'
import { tensorOf, WeightsError, type StateDict, type Tensor } from './weights.js'

export interface HeadSpec {
  readonly hiddenUnits: readonly number[]
  /** One before each hidden layer. */
  readonly dropout: readonly number[]
  readonly classCount: number
}

/** `index` is the layer's place in PyTorch's Sequential: its tensors are `fc.<index>.weight` and `fc.<index>.bias`. */
export type HeadLayer =
  | { readonly kind: 'dropout'; readonly index: number; readonly rate: number }
  | { readonly kind: 'linear'; readonly index: number; readonly inFeatures: number; readonly outFeatures: number }
  | { readonly kind: 'relu'; readonly index: number }
  | { readonly kind: 'logSoftmax'; readonly index: number }
export type LinearLayer = Extract<HeadLayer, { kind: 'linear' }>

export function headLayout({ hiddenUnits, dropout, classCount }: HeadSpec): HeadLayer[] {
  const widths = [FEATURE_COUNT, ...hiddenUnits]
  const hidden = hiddenUnits.flatMap((outFeatures, i): HeadLayer[] => [
    { kind: 'dropout', index: 3 * i, rate: dropout[i] ?? 0 },
    { kind: 'linear', index: 3 * i + 1, inFeatures: widths[i] as number, outFeatures },
    { kind: 'relu', index: 3 * i + 2 },
  ])
  return [
    ...hidden,
    { kind: 'linear', index: hidden.length, inFeatures: widths.at(-1) as number, outFeatures: classCount },
    { kind: 'logSoftmax', index: hidden.length + 1 },
  ]
}

export function linearLayers(spec: HeadSpec): LinearLayer[] {
  return headLayout(spec).filter((layer) => layer.kind === 'linear')
}

/** `weight` [out, in], `bias` [out]. */
export interface Linear {
  readonly weight: Tensor
  readonly bias: Tensor
}

/**
 * The linear layers of a head's tensors, from the features to the classes.
 * @throws WeightsError where they are not a head's
 */
export function readHead(head: StateDict): Linear[] {
  const indices = [...head.keys()].flatMap((name) => /^fc\.(\d+)\.weight$/.exec(name)?.[1] ?? []).map(Number)
  const layers = indices
    .sort((a, b) => a - b)
    .map((index) => ({
      weight: tensorOf(head, `fc.${String(index)}.weight`),
      bias: tensorOf(head, `fc.${String(index)}.bias`),
    }))
  let width = FEATURE_COUNT
  for (const { weight, bias } of layers) {
    if (weight.shape[1] !== width || weight.shape[0] !== bias.shape[0])
      throw new WeightsError("The head's layers do not fit.")
    width = bias.data.length
  }
  if (layers.length === 0) throw new WeightsError('There is no head: no tensor is named fc.<n>.weight.')
  return layers
}

/**
 * A new head as PyTorch's nn.Linear is drawn (torch/nn/modules/linear.py, reset_parameters): weights and biases uniform
 * in ±1/sqrt(inFeatures). Layer i (linear ones counted from 0) is a function of the seed and i alone.
 */
export function drawHead(spec: HeadSpec, seed: number): StateDict {
  return new Map(
    linearLayers(spec).flatMap(({ index, inFeatures, outFeatures }, i): [string, Tensor][] => {
      const bound = 1 / Math.sqrt(inFeatures)
      const weightCount = inFeatures * outFeatures
      const drawn = randomUniforms(randomKey(seed, 'head', i), weightCount + outFeatures)
      drawn.forEach((uniform, at) => (drawn[at] = (2 * uniform - 1) * bound))
      return [
        [`fc.${String(index)}.weight`, { shape: [outFeatures, inFeatures], data: drawn.slice(0, weightCount) }],
        [`fc.${String(index)}.bias`, { shape: [outFeatures], data: drawn.slice(weightCount) }],
      ]
    }),
  )
}
