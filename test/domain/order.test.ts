import { describe, expect, it } from 'vitest'
import { compareCodePoints } from '../../src/domain/order.js'

describe('Labels', () => {
  it('are ordered by code point, not as a dictionary would', () => {
    expect(['é', 'b', 'a', 'Z', 'a b', 'a', ''].sort(compareCodePoints)).toEqual(['', 'Z', 'a', 'a', 'a b', 'b', 'é'])
  })

  it('beyond 16 bits come last, unlike in the order of JavaScript', () => {
    const labels = ['\u{1f415}', '\uffee']
    expect([...labels].sort(compareCodePoints)).toEqual(['\uffee', '\u{1f415}'])
    expect([...labels].sort()).toEqual(['\u{1f415}', '\uffee'])
    expect(compareCodePoints('\u{1f415}', '\u{1f416}')).toBeLessThan(0)
    expect(compareCodePoints('a\u{1f415}', 'a\u{1f415}b')).toBeLessThan(0)
  })
})
