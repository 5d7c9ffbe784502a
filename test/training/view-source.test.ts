import { expect, it } from 'vitest'
import { toHalf } from '../../src/network/half.js'
import { sourceInMemory } from '../../src/training/picture-source.js'
import type { PictureSource } from '../../src/training/training.type.js'
import { viewSource } from '../../src/training/view-source.js'

const COUNT = 200
/** Picture and view, as they are read back. */
function view(number: number): PictureSource {
  const values = Float32Array.from({ length: 2 * COUNT }, (_, i) => (i % 2 === 0 ? i / 2 : number))
  return sourceInMemory({ values: toHalf(values), labels: new Int32Array(COUNT), shape: [2] })
}
const rows = Uint32Array.from({ length: COUNT }, (_, i) => (i * 7) % COUNT)
const source = (seed = 5): PictureSource => viewSource(view(9), [view(0), view(1), view(2), view(3)], seed)

it('Each epoch sees every picture in one of its views, each view about as often as the others', async () => {
  const read = await source().read(rows, 1)
  const counts = [0, 0, 0, 0]
  rows.forEach((row, i) => {
    expect(read[2 * i]).toBe(row)
    const number = read[2 * i + 1] as number
    counts[number] = (counts[number] as number) + 1
  })
  for (const count of counts) expect(Math.abs(count - COUNT / 4)).toBeLessThan(30)
})

it('The view follows from seed, epoch and picture, in whatever batch the picture comes', async () => {
  const whole = await source().read(rows, 3)
  const single = await source().read(rows.subarray(20, 21), 3)
  expect([...single]).toEqual([...whole.subarray(40, 42)])
  expect(await source().read(rows, 4)).not.toEqual(whole)
  expect(await source(6).read(rows, 3)).not.toEqual(whole)
})

it('Without an epoch pictures are as they are', async () => {
  const read = await source().read(rows)
  expect([...read].filter((_, i) => i % 2 === 1)).toEqual(Array<number>(COUNT).fill(9))
})
