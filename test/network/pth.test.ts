import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { readPth } from '../../src/network/pth.js'
import { readSafetensors } from '../../src/network/safetensors.js'
import { WeightsError } from '../../src/network/weights.js'
import { describeWithShared } from '../shared.js'

describeWithShared('Reading .pth files', (shared) => {
  const fixture = (name: string): Uint8Array => readFileSync(`${shared}/fixtures/${name}`)

  it.each(['state-dict-zip.pth', 'state-dict-legacy.pth'])('reads %s equal to the safetensors file', (name) => {
    const expected = readSafetensors(fixture('state-dict.safetensors'))
    const read = readPth(fixture(name))
    expect([...read.keys()].sort()).toEqual([...expected.keys()].sort())
    for (const [key, tensor] of expected) expect(read.get(key), key).toEqual(tensor)
  })

  it('refuses a pickle that would run a command, and names what it asked for', () => {
    expect(() => readPth(fixture('hostile.pth'))).toThrow(WeightsError)
    expect(() => readPth(fixture('hostile.pth'))).toThrow(/"posix system".*nothing of it was run/)
  })

  it.each(['state-dict-zip.pth', 'state-dict-legacy.pth'])(
    'refuses %s at every length it may be cut off at',
    (name) => {
      const whole = fixture(name)
      for (let length = 0; length < whole.length; length += 7) {
        expect(() => readPth(whole.subarray(0, length)), `${name} of ${String(length)} bytes`).toThrow(WeightsError)
      }
    },
  )

  it('refuses what torch.save did not write', () => {
    expect(() => readPth(new TextEncoder().encode('not weights at all'))).toThrow(WeightsError)
  })
})
