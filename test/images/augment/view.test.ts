import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { randomKey, randomStream } from '../../../src/domain/random.js'
import { randomCrop } from '../../../src/images/augment/random-crop.js'
import { viewOf, type ViewPlace } from '../../../src/images/augment/view.js'
import { createImageReader } from '../../../src/images/image.reader.js'

const reader = createImageReader({ maxPixels: 1e6, maxImageBytes: 1e6 })
const SIZE = 32

/** Red grows to the right, green downwards. */
async function gradient(width: number, height: number, grey = false): Promise<Buffer> {
  const pixel = (i: number): number[] => [i % width, Math.floor(i / width), 128]
  const data = Uint8Array.from({ length: width * height }).map((_, i) => i)
  const raw = Buffer.from([...data.keys()].flatMap((i) => (grey ? [i % width] : pixel(i))))
  return sharp(raw, { raw: { width, height, channels: grey ? 1 : 3 } })
    .png()
    .toBuffer()
}

const place = (changes: Partial<ViewPlace> = {}): ViewPlace => ({
  ...{ augmentation: 'STANDARD', seed: 1, picture: 'ab'.repeat(32), number: 0 },
  ...changes,
})
const seen = async (changes: Partial<ViewPlace>, bytes?: Buffer): Promise<Float32Array> =>
  reader.preprocessView(bytes ?? (await gradient(80, 60)), SIZE, viewOf(place(changes)))

describe('A random crop', () => {
  it("takes torchvision's steps: area, then ratio, then top and left", () => {
    const draws = [0.5, 0.5, 0.25, 0.75]
    let at = 0
    // 0.625 of 100 x 80 in the ratio 1 is 70.71 square.
    expect(randomCrop({ width: 100, height: 80 }, () => draws[at++] ?? 0)).toEqual({
      width: 71,
      height: 71,
      top: Math.floor(0.25 * 10),
      left: Math.floor(0.75 * 30),
    })
  })

  it('lies inside the picture, with at least a quarter of it, unless it is too narrow for any ratio', () => {
    for (let i = 0; i < 200; i++) {
      const { left, top, width, height } = randomCrop({ width: 60, height: 45 }, randomStream(randomKey(i, 'crop')))
      expect(Math.min(left, top)).toBeGreaterThanOrEqual(0)
      expect(left + width).toBeLessThanOrEqual(60)
      expect(top + height).toBeLessThanOrEqual(45)
      expect(width * height).toBeGreaterThan(0.24 * 60 * 45)
    }
    const narrow = randomCrop({ width: 300, height: 3 }, randomStream(randomKey(0, 'crop')))
    expect(narrow).toEqual({ width: 4, height: 3, left: 148, top: 0 })
  })
})

describe('A view of a picture', () => {
  it.each(['FLIP', 'STANDARD', 'STRONG'] as const)(
    '%s is the same for the same seed, picture and number',
    async (augmentation) => {
      expect(await seen({ augmentation, number: 1 })).toEqual(await seen({ augmentation, number: 1 }))
    },
  )

  it.each(['STANDARD', 'STRONG'] as const)(
    '%s is another one for another seed, picture or number',
    async (augmentation) => {
      const views = [
        await seen({ augmentation }),
        await seen({ augmentation, seed: 2 }),
        await seen({ augmentation, picture: `cd${'ab'.repeat(31)}` }),
        await seen({ augmentation, number: 1 }),
      ]
      expect(new Set(views.map((view) => view.join())).size).toBe(4)
    },
  )

  it('FLIP is the picture as it is seen without augmentation, and its mirror image', async () => {
    const bytes = await gradient(61, 50)
    const plain = await reader.preprocess(bytes, SIZE)
    expect(await seen({ augmentation: 'FLIP', number: 0 }, bytes)).toEqual(plain)
    const mirrored = await seen({ augmentation: 'FLIP', number: 1 }, bytes)
    expect(mirrored).toEqual(plain.map((_, i) => plain[i - (i % SIZE) + SIZE - 1 - (i % SIZE)] as number))
  })

  it('STANDARD shows a part of the picture: its gradient runs on, less steeply', async () => {
    const crop = { left: 20, top: 10, width: SIZE, height: SIZE }
    const bytes = await gradient(80, 60)
    const cropped = await reader.preprocessView(bytes, SIZE, { crop: () => crop, change: (image) => image })
    const exact = await sharp(bytes).extract(crop).png().toBuffer()
    const whole = await reader.preprocessView(exact, SIZE, {
      crop: ({ width, height }) => ({ left: 0, top: 0, width, height }),
      change: (image) => image,
    })
    expect(cropped).toEqual(whole)
    expect(cropped[1]).toBeGreaterThan(cropped[0] as number)
  })

  it('of a grey picture has its grey in all three channels', async () => {
    let channels = 0
    await reader.preprocessView(await gradient(40, 40, true), SIZE, {
      crop: () => null,
      change: (image) => {
        channels = image.channels
        for (let i = 0; i < image.data.length; i += 3) expect(image.data[i + 1]).toBe(image.data[i])
        return image
      },
    })
    expect(channels).toBe(3)
  })
})
