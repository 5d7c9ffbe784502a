/** relu(conv3(conv2(conv1(x))) + x), or + downsample(x) where the shape changes; every convolution with its norm. */
import type { Tensor4D } from '@tensorflow/tfjs-core'
import type { Tf } from '../engine/engine.type.js'
import { reluGradient } from '../engine/kernels/relu-gradient.js'
import type { Bottleneck } from '../network/resnet50.js'
import type { StateDict } from '../network/weights.js'
import type { Learn } from './pass.type.js'
import { openUnit, type Unit } from './unit.js'

export type Block = Unit

export function openBottleneck(
  tf: Tf,
  { block, network }: { block: Bottleneck; network: StateDict },
  { lowest }: { lowest: boolean },
): Block {
  const { conv1, conv2, conv3, downsample } = block
  const one = openUnit(tf, { conv: conv1, network }, { relu: true, lowest })
  const two = openUnit(tf, { conv: conv2, network }, { relu: true, lowest: false })
  const three = openUnit(tf, { conv: conv3, network }, { relu: false, lowest: false })
  const around = downsample === null ? null : openUnit(tf, { conv: downsample, network }, { relu: false, lowest })
  const units = [...(around === null ? [] : [around]), one, two, three]

  return {
    parameters: units.flatMap((unit) => unit.parameters),
    statistics: units.flatMap((unit) => unit.statistics),
    infer: (x) =>
      tf.tidy(() => {
        const branch = three.infer(two.infer(one.infer(x)))
        return tf.relu(tf.add<Tensor4D>(branch, around === null ? x : around.infer(x)))
      }),
    train: (x) => {
      const first = one.train(x)
      const second = two.train(first.output)
      const third = three.train(second.output)
      const way = around?.train(x)
      const output = tf.tidy(() => tf.relu(tf.add<Tensor4D>(third.output, way?.output ?? x)))
      // Their norms' outputs are not needed to go back.
      tf.dispose([third.output, ...(way === undefined ? [] : [way.output])])
      return { output, back }

      function back(slope: Tensor4D, learn: Learn): Tensor4D | null {
        const atSum = reluGradient(tf, slope, output)
        output.dispose()
        const atSecond = third.back(atSum, learn) as Tensor4D
        const atFirst = second.back(atSecond, learn) as Tensor4D
        atSecond.dispose()
        const through = first.back(atFirst, learn)
        atFirst.dispose()
        const aside = way === undefined ? atSum : way.back(atSum, learn)
        const dx = through === null || aside === null ? null : tf.add<Tensor4D>(through, aside)
        tf.dispose([atSum, through, aside].filter((each) => each !== null))
        return dx
      }
    },
  }
}
