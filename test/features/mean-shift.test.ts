import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { randomKey, randomUniforms } from '../../src/domain/random.js'
import { meanShift } from '../../src/features/mean-shift.js'
import { createMomentsMeter, type Moments } from '../../src/features/moments.js'
import { createImageReader } from '../../src/images/image.reader.js'
import { createTrunkSession } from '../../src/inference/sessions.js'
import { readSafetensors } from '../../src/network/safetensors.js'
import { describeWithShared } from '../shared.js'

const WIDTH = 50

/** Uniform in 0 to 1, whose variance is 1/12, moved by so much. */
function draw(seed: number, count: number, by = 0): Float32Array[] {
  const values = randomUniforms(randomKey(seed, 'rows', 0), count * WIDTH)
  return Array.from({ length: count }, (_, i) => values.slice(i * WIDTH, (i + 1) * WIDTH).map((value) => value + by))
}

function momentsOf(rows: readonly Float32Array[]): Moments {
  const meter = createMomentsMeter(WIDTH)
  for (const row of rows) meter.add(row)
  return meter.read()
}

describe('the shift of means', () => {
  it('has the moments that two passes give, far from zero too', () => {
    const rows = draw(1, 40, 1000)
    const { count, means, variances } = momentsOf(rows)
    expect(count).toBe(40)
    for (let i = 0; i < WIDTH; i++) {
      const values = rows.map((row) => row[i] as number)
      const mean = values.reduce((sum, value) => sum + value) / 40
      const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 39
      expect(means[i]).toBeCloseTo(mean, 9)
      expect(variances[i]).toBeCloseTo(variance, 9)
    }
  })

  it('is in standard deviations', () => {
    const reference = momentsOf(draw(2, 4000))
    for (const deviations of [0.5, 2]) {
      const moved = momentsOf(draw(3, 4000, deviations * Math.sqrt(1 / 12)))
      expect(meanShift(moved, reference)).toBeCloseTo(deviations, 1)
    }
  })

  it('says what so few pictures give although nothing has shifted', () => {
    const [reference, alike] = [momentsOf(draw(4, 4000)), momentsOf(draw(5, 1000))]
    const ofMany = meanShift(alike, reference) as number
    const expected = meanShift(alike, reference, 20) as number
    const shifts = Array.from({ length: 30 }, (_, i) => meanShift(momentsOf(draw(100 + i, 20)), reference) as number)
    const found = Math.sqrt(shifts.reduce((sum, shift) => sum + shift ** 2, 0) / 30)
    expect(expected / found).toBeGreaterThan(0.9)
    expect(expected / found).toBeLessThan(1.1)
    expect(ofMany).toBeLessThan(expected / 3)
    expect(meanShift(alike, reference, 5000)).toBe(ofMany)
  })

  it('leaves features out that do not vary, and is null where none does', () => {
    const flat = momentsOf(draw(6, 3).map((row) => row.fill(1)))
    expect(meanShift(flat, flat)).toBeNull()
    const rows = draw(7, 30)
    const half = rows.map((row) => row.map((value, i) => (i % 2 === 0 ? value : 9)))
    const other = draw(8, 30).map((row) => row.map((value, i) => (i % 2 === 0 ? value : 9)))
    const whole = meanShift(momentsOf(half), momentsOf(other)) as number
    expect(whole).toBeGreaterThan(0)
    expect(Number.isFinite(whole)).toBe(true)
  })
})

describeWithShared('the shift of photographs', (shared) => {
  const PIXELS = 64
  const changes: Record<string, (bytes: Buffer) => Promise<Buffer>> = {
    darkened: (bytes) => sharp(bytes).linear(0.3).jpeg().toBuffer(),
    inverted: (bytes) => sharp(bytes).negate({ alpha: false }).jpeg().toBuffer(),
    blurred: (bytes) => sharp(bytes).blur(8).jpeg().toBuffer(),
  }

  it('is as validation has it for further ones, and far more for changed ones', async () => {
    const weights = await readFile(join(shared, 'weights', 'resnet50-tinyimagenet.safetensors'))
    const trunk = await createTrunkSession(readSafetensors(weights))
    const reader = createImageReader({ maxPixels: 64e6, maxImageBytes: 29e6 })
    const photographs = await listPhotographs(join(shared, 'data', 'cats-and-dogs'), 85)
    const measure = async (from: number, to: number, change = (bytes: Buffer) => Promise.resolve(bytes)) => {
      const meter = createMomentsMeter(2048)
      for (const path of photographs.slice(from, to)) {
        const pixels = await reader.preprocess(await change(await readFile(path)), PIXELS)
        meter.add(await trunk.features(pixels, 1, PIXELS))
      }
      return meter.read()
    }
    const [training, validation, further] = [await measure(0, 80), await measure(80, 130), await measure(130, 170)]
    const normal = meanShift(validation, training, further.count) as number
    expect((meanShift(further, training) as number) / normal).toBeLessThan(1.3)
    for (const [name, change] of Object.entries(changes))
      expect((meanShift(await measure(130, 170, change), training) as number) / normal, name).toBeGreaterThan(1.7)
    await trunk.release()
  })
})

/** So many of each class, in turns. */
async function listPhotographs(folder: string, perClass: number): Promise<string[]> {
  const classes = await Promise.all(
    (await readdir(folder)).map(async (name) =>
      (await readdir(join(folder, name))).sort().map((file) => join(folder, name, file)),
    ),
  )
  return Array.from({ length: perClass }, (_, i) => classes.map((paths) => paths[i] as string)).flat()
}
