import { describe, expect, it } from 'vitest'
import { writeSafetensors } from '../../src/network/safetensors.js'
import { WeightsError } from '../../src/network/weights.js'
import { readResume, writeResume } from '../../src/training/resume-state.js'

const STATE = {
  epoch: 2,
  validationLosses: [1 / 3, 0.1 + 0.2],
  network: new Map([['fc.0.weight', { shape: [1, 2], data: Float32Array.of(1, 0.1) }]]),
  optimizer: new Map([['m.fc.0.weight', { shape: [1, 2], data: Float32Array.of(-0, 1e-40) }]]),
}

describe('A resume state', () => {
  it('is read back bit for bit', () => {
    expect(readResume(writeResume(STATE))).toEqual(STATE)
  })

  it('is refused where the file is something else, or cut off', () => {
    expect(() => readResume(writeSafetensors(STATE.network))).toThrow(WeightsError)
    expect(() => readResume(writeResume(STATE).subarray(0, -1))).toThrow(WeightsError)
    expect(() => readResume(Buffer.from('nothing'))).toThrow(WeightsError)
  })
})
