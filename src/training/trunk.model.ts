/** The trunk above a cut, in TensorFlow.js: forward and, by hand, back. */
import type { Tensor2D, Tensor4D } from '@tensorflow/tfjs-core'
import type { Tf } from '../engine/engine.type.js'
import type { Cut } from '../network/cut.js'
import { STEM } from '../network/resnet50.js'
import type { StateDict } from '../network/weights.js'
import { openBottleneck } from './bottleneck.js'
import type { Parameter } from './parameters.js'
import type { Learn, Pass } from './pass.type.js'
import { averagePool, maxPool, spreadAverage, trainMaxPool } from './pooling.js'
import { openUnit, type Unit } from './unit.js'

export interface TrunkModel {
  readonly parameters: readonly Parameter[]
  /** The norms' running means and variances. */
  readonly statistics: readonly Parameter[]
  /** Norms take the batch's statistics, which the running ones follow. */
  train(inputs: Tensor4D): TrunkPass
  /**
   * Norms take the running statistics.
   * @param inputs [batch, height, width, channels] at the cut
   * @returns [batch, 2048]
   */
  infer(inputs: Tensor4D): Tensor2D
}

export interface TrunkPass {
  /** [batch, 2048] */
  readonly features: Tensor2D
  /** @param slope of the loss at the features, which the caller frees */
  back(slope: Tensor2D, learn: Learn): void
}

type Layer = Pick<Unit, 'train' | 'infer'>

export function openTrunk(tf: Tf, network: StateDict, cut: Cut): TrunkModel {
  const stem = cut.stem ? openUnit(tf, { conv: STEM, network }, { relu: true, lowest: true }) : null
  const blocks = cut.stages
    .flatMap((stage) => stage.blocks)
    .map((block, i) => openBottleneck(tf, { block, network }, { lowest: stem === null && i === 0 }))
  const units = stem === null ? blocks : [stem, ...blocks]
  const pool: Layer = { train: (x) => trainMaxPool(tf, x), infer: (x) => maxPool(tf, x) }
  const layers: Layer[] = stem === null ? blocks : [stem, pool, ...blocks]
  return {
    parameters: units.flatMap((unit) => unit.parameters),
    statistics: units.flatMap((unit) => unit.statistics),
    infer: (inputs) => {
      let x = inputs
      for (const layer of layers) {
        const output = layer.infer(x)
        if (x !== inputs) x.dispose()
        x = output
      }
      return averagePool(tf, x)
    },
    train: (inputs) => {
      const passes: Pass[] = []
      for (const layer of layers) passes.push(layer.train(passes.at(-1)?.output ?? inputs))
      const { output } = passes.at(-1) as Pass
      return {
        features: averagePool(tf, output),
        back: (slope, learn) => {
          goBack(passes, spreadAverage(tf, slope, output.shape), learn)
        },
      }
    },
  }
}

function goBack(passes: readonly Pass[], slope: Tensor4D, learn: Learn): void {
  let dy: Tensor4D | null = slope
  for (const pass of passes.toReversed()) {
    if (dy === null) return
    const dx = pass.back(dy, learn)
    dy.dispose()
    dy = dx
  }
}
