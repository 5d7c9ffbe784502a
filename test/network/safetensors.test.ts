import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readSafetensors, readSafetensorsMetadata, writeSafetensors } from '../../src/network/safetensors.js'
import { tensorOf, WeightsError } from '../../src/network/weights.js'
import { describeWithShared } from '../shared.js'

describe('A safetensors file', () => {
  it('is read as it was written, names, shapes, values and metadata', () => {
    const tensors = new Map([
      ['b', { shape: [2, 3], data: Float32Array.of(1, 2, 3, -4, 5.5, 1e-40) }],
      ['a', { shape: [], data: Float32Array.of(Math.fround(0.1)) }],
      ['none', { shape: [0, 3], data: new Float32Array() }],
    ])
    const file = writeSafetensors(tensors, { classes: '["é"]' })
    expect(new Map(readSafetensors(file))).toEqual(tensors)
    expect(readSafetensorsMetadata(file)).toEqual({ classes: '["é"]' })
  })

  it('has the same bytes whatever order its tensors came in', () => {
    const [a, b] = [1, 2].map((value) => ({ shape: [1], data: Float32Array.of(value) }))
    const entries = [['a', a as NonNullable<typeof a>] as const, ['b', b as NonNullable<typeof b>] as const]
    expect(writeSafetensors(new Map(entries))).toEqual(writeSafetensors(new Map(entries.toReversed())))
  })

  it('is read wherever it begins in memory', () => {
    const file = writeSafetensors(new Map([['a', { shape: [2], data: Float32Array.of(1, 2) }]]))
    const moved = Buffer.concat([Buffer.alloc(3), file]).subarray(3)
    expect([...tensorOf(readSafetensors(moved), 'a').data]).toEqual([1, 2])
  })

  it('is read in half precision and bfloat16, its counters left out', () => {
    const tensors = readSafetensors(
      fileOf(
        {
          half: { dtype: 'F16', shape: [2], data_offsets: [0, 4] },
          brain: { dtype: 'BF16', shape: [2], data_offsets: [4, 8] },
          count: { dtype: 'I64', shape: [], data_offsets: [8, 16] },
        },
        [0x00, 0x3c, 0x00, 0xc0, 0x80, 0x3f, 0x00, 0xc0, 1, 0, 0, 0, 0, 0, 0, 0],
      ),
    )
    expect([...tensors.keys()]).toEqual(['half', 'brain'])
    expect([...tensorOf(tensors, 'half').data]).toEqual([1, -2])
    expect([...tensorOf(tensors, 'brain').data]).toEqual([1, -2])
  })
})

describe('A malformed safetensors file is refused', () => {
  const float = (from: number, to: number, shape = [(to - from) / 4]): object => ({
    dtype: 'F32',
    shape,
    data_offsets: [from, to],
  })

  it.each<[string, Uint8Array, RegExp]>([
    ['that is empty', new Uint8Array(), /only 0 bytes/],
    ['whose header claims exabytes', Buffer.from('ffffffffffffff7f7b7d', 'hex'), /claims 9223372036854775807 bytes/],
    ['whose header is cut off', Buffer.from('10000000000000007b7d', 'hex'), /cut off/],
    ['whose header is not JSON', fileOf('{"a":', []), /not JSON/],
    ['whose header is a list', fileOf('[]', []), /no object/],
    ['whose header is not UTF-8', Buffer.from('0200000000000000fffe', 'hex'), /not JSON/],
    ['whose metadata are numbers', fileOf({ __metadata__: { a: 1 } }, []), /metadata/],
    ['with a tensor that is only a name', fileOf({ a: 'F32' }, []), /does not describe a/],
    [
      'with a negative length',
      fileOf({ a: { dtype: 'F32', shape: [-1], data_offsets: [0, 0] } }, []),
      /does not describe a/,
    ],
    ['with offsets that run backwards', fileOf({ a: float(4, 0, [1]) }, bytes(4)), /needs 4 bytes, not -4/],
    ['with a shape that overflows', fileOf({ a: float(0, 4, [2 ** 40, 2 ** 40]) }, bytes(4)), /needs/],
    [
      'with the wrong size for its type',
      fileOf({ a: { dtype: 'F16', shape: [2], data_offsets: [0, 8] } }, bytes(8)),
      /needs 4 bytes, not 8/,
    ],
    ['with a tensor beyond its end', fileOf({ a: float(0, 8) }, bytes(4)), /beyond the end/],
    ['with tensors that share bytes', fileOf({ a: float(0, 8), b: float(4, 12) }, bytes(12)), /b overlaps/],
    ['with a gap', fileOf({ a: float(0, 4), b: float(8, 12) }, bytes(12)), /before b/],
    ['with bytes after its end', fileOf({ a: float(0, 4) }, bytes(5)), /1 bytes at the end/],
    [
      'of a type that is not a number we know',
      fileOf({ a: { dtype: 'F8_E4M3', shape: [1], data_offsets: [0, 1] } }, bytes(1)),
      /F8_E4M3/,
    ],
  ])('%s', (_, file, reason) => {
    expect(() => readSafetensors(file)).toThrow(WeightsError)
    expect(() => readSafetensors(file)).toThrow(reason)
  })
})

describeWithShared('The reference state dictionary', (shared) => {
  it('reads in every type it holds', () => {
    const tensors = readSafetensors(readFileSync(join(shared, 'fixtures/state-dict.safetensors')))
    expect([...tensors.keys()].sort()).toEqual(
      [
        'bfloat.weight',
        'bn.running_mean',
        'conv.bias',
        'conv.weight',
        'empty',
        'half.weight',
        'shared.a',
        'strided.weight',
      ].sort(),
    )
    expect(tensorOf(tensors, 'conv.weight').shape).toEqual([4, 3, 3, 3])
    const exact = tensorOf(tensors, 'strided.weight').data
    for (const name of ['half.weight', 'bfloat.weight']) {
      expect(tensorOf(tensors, name).data.every(Number.isFinite), name).toBe(true)
      expect(tensorOf(tensors, name).data).toHaveLength(exact.length)
    }
  })
})

function bytes(count: number): number[] {
  return new Array<number>(count).fill(0)
}

function fileOf(header: object | string, body: readonly number[]): Buffer {
  const text = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header))
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(text.length))
  return Buffer.concat([length, text, Buffer.from(body)])
}
