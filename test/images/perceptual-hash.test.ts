import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { createImageReader } from '../../src/images/image.reader.js'
import { FLAT_HASH, mirrorHash, signHash, unsignHash } from '../../src/images/perceptual-hash.js'
import { hashWords } from '../../src/inspection/hash-pairs.js'
import { drawPicture } from '../trainer/fixture.js'

const reader = createImageReader({ maxPixels: 1e7, maxImageBytes: 1e7 })
const hashOf = async (bytes: Uint8Array): Promise<bigint> => (await reader.probe(bytes)).perceptualHash

/** A drawing, large enough that scaling it takes something away. */
const original = async (number: number): Promise<Buffer> =>
  sharp(await drawPicture(0, number))
    .resize(400, 300, { fit: 'fill' })
    .blur(2)
    .png()
    .toBuffer()

function distance(a: bigint, b: bigint): number {
  return [...BigInt.asUintN(64, a ^ b).toString(2)].filter((bit) => bit === '1').length
}

describe('a perceptual hash', () => {
  it('changes little when the picture is compressed, scaled or lit otherwise', async () => {
    const picture = sharp(await original(1))
    const hash = await hashOf(await picture.toBuffer())
    const variants = [
      picture.clone().jpeg({ quality: 40 }),
      picture.clone().resize(130).webp(),
      picture.clone().modulate({ brightness: 1.2 }),
    ]
    for (const variant of variants)
      expect(distance(hash, await hashOf(await variant.toBuffer()))).toBeLessThanOrEqual(8)
  })

  it('turns into that of the mirrored picture by turning bits', async () => {
    const bytes = await original(2)
    const mirrored = await hashOf(await sharp(bytes).flop().png().toBuffer())
    const hash = await hashOf(bytes)
    expect(distance(signHash(mirrorHash(unsignHash(hash))), mirrored)).toBeLessThanOrEqual(1)
    expect(hashWords([hash, mirrored]).distance(0, 1)).toBeLessThanOrEqual(1)
  })

  it('differs in about half of its bits between pictures', async () => {
    const hashes = await Promise.all(Array.from({ length: 12 }, async (_, i) => hashOf(await original(i))))
    const distances = hashes.flatMap((a, i) => hashes.slice(i + 1).map((b) => distance(a, b)))
    const mean = distances.reduce((sum, each) => sum + each, 0) / distances.length
    expect(mean).toBeGreaterThan(20)
    expect(mean).toBeLessThan(44)
  })

  it('says nothing of a picture without structure', async () => {
    const flat = await sharp({ create: { width: 90, height: 70, channels: 3, background: '#7a3' } })
      .png()
      .toBuffer()
    expect(await hashOf(flat)).toBe(FLAT_HASH)
  })
})

describe('the digest of pixels', () => {
  it('is the same for the same picture in another file without loss, and no other', async () => {
    const bytes = await original(3)
    const digest = await reader.pixelDigest(bytes)
    expect(await reader.pixelDigest(await sharp(bytes).webp({ lossless: true }).toBuffer())).toBe(digest)
    expect(await reader.pixelDigest(await sharp(bytes).jpeg().toBuffer())).not.toBe(digest)
  })
})
