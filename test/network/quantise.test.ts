import { describe, expect, it } from 'vitest'
import { biasOf, byteScale, quantiseWeights, weightScales } from '../../src/network/quantise.js'

const single = Math.fround

describe('The byte scale of an activation', () => {
  it('spreads 256 steps over the range and has a byte that means 0 exactly', () => {
    expect(byteScale({ min: -1, max: 4.1 })).toEqual({ scale: single(0.02), zero: 50 })
  })

  it('begins at 0 behind a relu, so that bytes cut off what is negative', () => {
    expect(byteScale({ min: 0, max: 2.55 })).toEqual({ scale: single(0.01), zero: 0 })
    expect(byteScale({ min: 0.5, max: 2.55 })).toEqual({ scale: single(0.01), zero: 0 })
  })

  it('ends at 0 where nothing is positive', () => {
    expect(byteScale({ min: -5.1, max: -1 })).toEqual({ scale: single(0.02), zero: 255 })
  })

  it('is 1 where the activation is always 0', () => {
    expect(byteScale({ min: 0, max: 0 })).toEqual({ scale: 1, zero: 0 })
  })
})

describe('The weights of a convolution', () => {
  const weight = Float32Array.of(1.27, -0.3, 0, 0, 0.001, -0.0127)
  const bias = Float32Array.of(0.5, -0.25, 0)

  it('have a scale for each output channel, from its greatest weight', () => {
    const scales = weightScales({ weight, bias, inputScale: 0.1 })
    expect(scales[0]).toBeCloseTo(0.01, 8)
    expect(scales[2]).toBeCloseTo(0.0001, 10)
    expect([...quantiseWeights(weight, scales)]).toEqual([127, -30, 0, 0, 10, -127])
  })

  it('of a channel without weights still carry its bias', () => {
    const scales = weightScales({ weight, bias, inputScale: 0.1 })
    const integers = biasOf(
      bias,
      scales.map((scale) => scale * single(0.1)),
    )
    expect(integers[1]).toBe(-(2 ** 30))
    expect([...integers].map((each, i) => each * (scales[i] as number) * 0.1)).toEqual([
      expect.closeTo(0.5, 3),
      expect.closeTo(-0.25, 6),
      0,
    ])
  })

  it('are as good as their rounding: within half a step of each channel', () => {
    const scales = weightScales({ weight, bias, inputScale: 0.1 })
    const integers = quantiseWeights(weight, scales)
    weight.forEach((value, i) => {
      const scale = scales[Math.floor(i / 2)] as number
      expect(Math.abs(value - scale * (integers[i] as number))).toBeLessThanOrEqual(scale * 0.5000001)
    })
  })
})
