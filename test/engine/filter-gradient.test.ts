import type { NamedAttrMap, Tensor4D } from '@tensorflow/tfjs-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { randomKey, randomUniforms } from '../../src/domain/random.js'
import { startEngine } from '../../src/engine/engine.js'
import type { Engine } from '../../src/engine/engine.type.js'
import { filterGradient, type FilterWindow } from '../../src/engine/kernels/filter-gradient.js'

let engine: Engine
beforeAll(async () => {
  engine = await startEngine('cpu')
})
afterAll(() => {
  engine.dispose()
})

// The last one's sum is taken in parts.
it.each([
  { x: [3, 5, 7, 4], filterShape: [1, 1, 4, 6], stride: 1, pad: 'valid' },
  { x: [2, 8, 6, 4], filterShape: [1, 1, 4, 6], stride: 2, pad: 'valid' },
  { x: [2, 5, 7, 4], filterShape: [3, 3, 4, 6], stride: 1, pad: 'same' },
  { x: [1, 10, 8, 4], filterShape: [3, 3, 4, 6], stride: 2, pad: 'valid' },
  { x: [2, 16, 14, 3], filterShape: [7, 7, 3, 5], stride: 2, pad: 'valid' },
  { x: [2, 16, 16, 3], filterShape: [3, 3, 3, 5], stride: 1, pad: 'same' },
] as const)(
  'gives the filter gradient of a convolution: $filterShape, stride $stride',
  async ({ x: inputs, filterShape, stride, pad }) => {
    const { tf } = engine
    const drawn = (name: string, shape: readonly number[]): Tensor4D =>
      tf.tensor4d(
        randomUniforms(
          randomKey(1, name),
          shape.reduce((a, b) => a * b),
        ),
        [...shape] as Tensor4D['shape'],
      )
    const window: FilterWindow = { filterShape: [...filterShape], strides: [stride, stride], pad }
    const info = tf.backend_util.computeConv2DInfo([...inputs], [...filterShape], stride, 1, pad)
    const tensors = { x: drawn('x', inputs), dy: drawn('dy', info.outShape) }
    const attributes = { ...window, dataFormat: 'NHWC' } as unknown as NamedAttrMap
    const expected = await tf.engine().runKernel<Tensor4D>('Conv2DBackpropFilter', tensors, attributes).data()
    const ours = tf.tidy(() => filterGradient(tf, tensors, window))
    expect(ours.shape).toEqual(filterShape)
    const values = await ours.data()
    for (const [i, value] of expected.entries()) expect(values[i]).toBeCloseTo(value, 3)
  },
)
