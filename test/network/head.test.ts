import { describe, expect, it } from 'vitest'
import { drawHead, headLayout, readHead } from '../../src/network/head.js'
import { tensorOf, WeightsError } from '../../src/network/weights.js'

const SPEC = { hiddenUnits: [64, 8], dropout: [0.5, 0.3], classCount: 3 }

describe('A head', () => {
  it("has PyTorch's layers at PyTorch's places", () => {
    expect(headLayout(SPEC).map((layer) => `${String(layer.index)} ${layer.kind}`)).toEqual([
      '0 dropout',
      '1 linear',
      '2 relu',
      '3 dropout',
      '4 linear',
      '5 relu',
      '6 linear',
      '7 logSoftmax',
    ])
  })

  it('is drawn uniformly in ±1/sqrt(inputs), weights and biases alike', () => {
    const head = drawHead(SPEC, 7)
    expect([...head].map(([name, { shape }]) => `${name} [${shape.join()}]`)).toEqual([
      'fc.1.weight [64,2048]',
      'fc.1.bias [64]',
      'fc.4.weight [8,64]',
      'fc.4.bias [8]',
      'fc.6.weight [3,8]',
      'fc.6.bias [3]',
    ])
    const bound = 1 / Math.sqrt(2048)
    const { data } = tensorOf(head, 'fc.1.weight')
    expect(data.every((value) => value >= -bound && value < bound)).toBe(true)
    const variance = data.reduce((sum, value) => sum + value ** 2, 0) / data.length
    expect(variance / (bound ** 2 / 3)).toBeCloseTo(1, 1)
    const biases = tensorOf(head, 'fc.1.bias').data
    expect(Math.max(...biases.map(Math.abs))).toBeGreaterThan(0.8 * bound)
    expect(Math.max(...biases.map(Math.abs))).toBeLessThanOrEqual(bound)
  })

  it('is a function of its seed, each layer by itself', () => {
    const head = drawHead(SPEC, 7)
    expect(drawHead(SPEC, 7)).toEqual(head)
    expect(tensorOf(drawHead(SPEC, 8), 'fc.6.bias')).not.toEqual(tensorOf(head, 'fc.6.bias'))
    const moreClasses = drawHead({ ...SPEC, classCount: 5 }, 7)
    expect(tensorOf(moreClasses, 'fc.4.weight')).toEqual(tensorOf(head, 'fc.4.weight'))
  })

  it('is read back from its tensors, in the order in which they run', () => {
    const layers = readHead(new Map([...drawHead({ ...SPEC, hiddenUnits: [4, 4, 4, 4], dropout: [] }, 1)].reverse()))
    expect(layers.map(({ weight }) => weight.shape.join())).toEqual(['4,2048', '4,4', '4,4', '4,4', '3,4'])
  })

  it('is refused where a tensor is missing or does not fit', () => {
    const head = new Map(drawHead(SPEC, 1))
    const without = new Map([...head].filter(([name]) => name !== 'fc.4.bias'))
    expect(() => readHead(without)).toThrow('The tensor fc.4.bias is missing.')
    head.set('fc.4.weight', { shape: [8, 63], data: new Float32Array(8 * 63) })
    expect(() => readHead(head)).toThrow(WeightsError)
    expect(() => readHead(new Map())).toThrow('There is no head')
  })
})
