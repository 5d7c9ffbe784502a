import { describe, expect, it } from 'vitest'
import { fromBfloat, fromHalf, toHalf } from '../../src/network/half.js'

describe('Half precision', () => {
  it('gives every one of its 65,536 values back', () => {
    const halves = Uint16Array.from({ length: 65536 }, (_, i) => i)
    const back = toHalf(fromHalf(halves))
    const isNaN = (half: number): boolean => (half & 0x7c00) === 0x7c00 && (half & 0x3ff) !== 0
    const changed = halves.filter((half, i) => (isNaN(half) ? !isNaN(back[i] as number) : back[i] !== half))
    expect([...changed]).toEqual([])
  })

  it.each([
    [1, 0x3c00],
    [-2, 0xc000],
    [65504, 0x7bff],
    [65519.996, 0x7bff],
    [65520, 0x7c00],
    [-Infinity, 0xfc00],
    [2 ** -14, 0x0400],
    [2 ** -24, 0x0001],
    [2 ** -25, 0x0000],
    [2 ** -25 * (1 + 2 ** -20), 0x0001],
    [1023.5 * 2 ** -24, 0x0400],
    [1 + 2 ** -11, 0x3c00],
    [1 + 3 * 2 ** -11, 0x3c02],
    [1 + 2 ** -11 + 2 ** -20, 0x3c01],
    [-0, 0x8000],
  ])('rounds %d to the nearest half, ties to even', (value, half) => {
    expect(toHalf(Float32Array.of(value))[0]).toBe(half)
  })

  it('keeps what is not a number', () => {
    expect(fromHalf(toHalf(Float32Array.of(NaN)))[0]).toBeNaN()
  })
})

describe('bfloat16', () => {
  it('widens exactly', () => {
    expect([...fromBfloat(Uint16Array.of(0x3f80, 0xc040, 0x7f80, 0x0001))]).toEqual([1, -3, Infinity, 2 ** -133])
  })
})
