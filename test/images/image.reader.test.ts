import sharp, { type Sharp } from 'sharp'
import { beforeAll, describe, expect, it } from 'vitest'
import { randomKey, randomWords } from '../../src/domain/random.js'
import { ImageTooLargeError, UnreadableImageError } from '../../src/images/image.errors.js'
import { createImageReader } from '../../src/images/image.reader.js'
import { FLAT_HASH } from '../../src/images/perceptual-hash.js'
import { animatedPng, headerOfPng } from './png.header.js'

const reader = createImageReader({ maxPixels: 1_000_000, maxImageBytes: 300_000 })

/** 90 x 60: the left half red, the right half a gradient in blue, so that turns and flips show. */
function drawing(): Sharp {
  const data = Buffer.alloc(90 * 60 * 3)
  for (let i = 0; i < 90 * 60; i++) {
    const x = i % 90
    data.set(x < 45 ? [255, 0, 0] : [0, 0, Math.floor(i / 90) * 4], i * 3)
  }
  return sharp(data, { raw: { width: 90, height: 60, channels: 3 } })
}

/** Noise does not compress, so that a cut falls among pixels. */
function noise(): Sharp {
  const data = Buffer.from(randomWords(randomKey(0, 'noise'), 64 * 64).buffer)
  return sharp(data, { raw: { width: 64, height: 64, channels: 4 } }).removeAlpha()
}

const FORMATS: Record<string, { format: string; encode: (image: Sharp) => Sharp }> = {
  'a JPEG': { format: 'jpeg', encode: (image) => image.jpeg() },
  'a progressive JPEG': { format: 'jpeg', encode: (image) => image.jpeg({ progressive: true }) },
  'a CMYK JPEG': { format: 'jpeg', encode: (image) => image.toColourspace('cmyk').jpeg() },
  'a PNG': { format: 'png', encode: (image) => image.png() },
  'an interlaced PNG': { format: 'png', encode: (image) => image.png({ progressive: true }) },
  'a PNG with a palette': { format: 'png', encode: (image) => image.png({ palette: true }) },
  'a 16-bit PNG': { format: 'png', encode: (image) => image.toColourspace('rgb16').png() },
  'a WebP': { format: 'webp', encode: (image) => image.webp() },
  'a lossless WebP': { format: 'webp', encode: (image) => image.webp({ lossless: true }) },
  'a GIF': { format: 'gif', encode: (image) => image.gif() },
  'an AVIF': { format: 'avif', encode: (image) => image.avif({ effort: 0 }) },
  'a TIFF': { format: 'tiff', encode: (image) => image.tiff({ compression: 'lzw' }) },
}

describe.each(Object.entries(FORMATS))('%s', (_, { format, encode }) => {
  it('is taken for what its bytes say, with its size', async () => {
    const file = await encode(drawing()).toBuffer()
    expect(await reader.probe(file)).toMatchObject({ format, width: 90, height: 60 })
  })

  it('comes out in its colours', async () => {
    const file = await encode(drawing()).toBuffer()
    const pixels = await reader.preprocess(file, 32)
    const [red, green] = colourAt(pixels, 32, { x: 2, y: 16 })
    expect(red).toBeGreaterThan(200)
    expect(green).toBeLessThan(70)
  })

  it('is refused when it is cut off, in every way of reading it', async () => {
    const file = await encode(noise()).toBuffer()
    for (const kept of [0.4, 0.97]) {
      const cut = file.subarray(0, Math.floor(file.length * kept))
      await expect(reader.probe(cut)).rejects.toThrow(UnreadableImageError)
      await expect(reader.preprocess(cut, 32)).rejects.toThrow('The file is truncated or damaged.')
      await expect(reader.thumbnail(cut, 32)).rejects.toThrow(UnreadableImageError)
    }
  })
})

describe('A picture', () => {
  let jpeg: Buffer
  beforeAll(async () => {
    jpeg = await noise().jpeg().toBuffer()
  })

  it('of a single pixel is a picture', async () => {
    const dot = await sharp({ create: { width: 1, height: 1, channels: 3, background: '#f00' } })
      .png()
      .toBuffer()
    expect(await reader.probe(dot)).toEqual({ format: 'png', width: 1, height: 1, perceptualHash: FLAT_HASH })
    expect(colourAt(await reader.preprocess(dot, 64), 64, { x: 63, y: 63 })).toEqual([255, 0, 0])
  })

  it('that is a line a pixel high is seen by its middle', async () => {
    const line = await sharp({ create: { width: 20_000, height: 1, channels: 3, background: '#0f0' } })
      .png()
      .toBuffer()
    expect(colourAt(await reader.preprocess(line, 64), 64, { x: 0, y: 0 })).toEqual([0, 255, 0])
  })

  it('is turned as its EXIF says', async () => {
    const turned = await drawing()
      .withMetadata({ orientation: 6 })
      .jpeg({ quality: 100, chromaSubsampling: '4:4:4' })
      .toBuffer()
    const { info, pixels } = await reader.decode(turned, 32)
    expect(info).toEqual({ format: 'jpeg', width: 60, height: 90 })
    expect(colourAt(pixels, 32, { x: 16, y: 2 })[0]).toBeGreaterThan(200)
    expect(colourAt(pixels, 32, { x: 16, y: 30 })[0]).toBeLessThan(50)
  })

  it('with transparency lies on white', async () => {
    const clear = await sharp({
      create: { width: 8, height: 8, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0 } },
    })
      .png()
      .toBuffer()
    expect(colourAt(await reader.preprocess(clear, 32), 32, { x: 9, y: 9 })).toEqual([255, 255, 255])
  })

  it('in grey fills all three channels, with 8 bits or 16', async () => {
    for (const space of ['b-w', 'grey16']) {
      const data = Buffer.alloc(32 * 32, 100)
      const grey = await sharp(data, { raw: { width: 32, height: 32, channels: 1 } })
        .toColourspace(space)
        .png()
        .toBuffer()
      expect(colourAt(await reader.preprocess(grey, 32), 32, { x: 5, y: 5 })).toEqual([100, 100, 100])
    }
  })

  it('that moves is seen by its first frame', async () => {
    const frames = Buffer.concat([Buffer.alloc(16 * 16 * 3, 255), Buffer.alloc(16 * 16 * 3, 0)])
    const gif = await sharp(frames, { raw: { width: 16, height: 32, channels: 3, pageHeight: 16 } })
      .gif()
      .toBuffer()
    const { info, pixels } = await reader.decode(gif, 32)
    expect(info).toEqual({ format: 'gif', width: 16, height: 16 })
    expect(colourAt(pixels, 32, { x: 9, y: 9 })).toEqual([255, 255, 255])
  })

  it('that moves as an APNG is seen by its first frame', async () => {
    const dot = (background: string) =>
      sharp({ create: { width: 16, height: 16, channels: 3, background } })
        .png()
        .toBuffer()
    const { info, pixels } = await reader.decode(animatedPng(await dot('#fff'), await dot('#000')), 32)
    expect(info).toEqual({ format: 'png', width: 16, height: 16 })
    expect(colourAt(pixels, 32, { x: 9, y: 9 })).toEqual([255, 255, 255])
  })

  it('is forgiven stray bytes that decoders only warn of', async () => {
    const stray = Buffer.concat([jpeg.subarray(0, -2), Buffer.from([1, 2, 3]), jpeg.subarray(-2)])
    expect((await reader.probe(stray)).format).toBe('jpeg')
  })

  it('is refused without its end mark, even if every row is there', async () => {
    const png = await noise().png().toBuffer()
    await expect(reader.probe(png.subarray(0, -1))).rejects.toThrow('The file is truncated or damaged.')
    await expect(reader.probe(jpeg.subarray(0, -1))).rejects.toThrow('The file is truncated or damaged.')
  })

  it('is refused when rows are missing though its end is there', async () => {
    const patched = Buffer.concat([jpeg.subarray(0, Math.floor(jpeg.length / 2)), Buffer.from([0xff, 0xd9])])
    await expect(reader.probe(patched)).rejects.toThrow('The file is truncated or damaged.')
    await expect(reader.preprocess(patched, 32)).rejects.toThrow(UnreadableImageError)
  })

  it('is shown small, its longer side as asked, and never enlarged', async () => {
    const size = async (bytes: Buffer): Promise<object> => {
      const { format, width, height } = await sharp(bytes).metadata()
      return { format, width, height }
    }
    const file = await drawing().png().toBuffer()
    expect(await size(await reader.thumbnail(file, 30))).toEqual({ format: 'jpeg', width: 30, height: 20 })
    expect(await size(await reader.thumbnail(file, 500))).toEqual({ format: 'jpeg', width: 90, height: 60 })
  })
})

describe('What is no picture', () => {
  const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>alert(1)</script></svg>'

  it.each([
    ['an SVG', svg],
    ['an SVG behind an XML declaration', `<?xml version="1.0"?>${svg}`],
    ['a web page', '<!doctype html><html></html>'],
    ['a PDF', '%PDF-1.4\n'],
    ['a text', 'cat'],
    ['a BMP', 'BM      '],
  ])('is refused: %s', async (_, text) => {
    await expect(reader.probe(Buffer.from(text))).rejects.toThrow('not a JPEG, PNG, WebP, GIF, AVIF or TIFF')
  })

  it.each([
    ['BM      ', 'a BMP: save it as PNG'],
    ['\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'a HEIC: save it as JPEG'],
    [svg, 'an SVG'],
    ['%PDF-1.4', 'a PDF'],
    ['PK\x03\x04', 'an archive'],
  ])('is told what it is: %j', async (text, what) => {
    await expect(reader.probe(Buffer.from(text, 'latin1'))).rejects.toThrow(what)
  })

  it('is refused when it only begins like one', async () => {
    for (const start of ['GIF89a', '\x89PNG\r\n\x1a\n', '\xff\xd8\xff', 'II*\0']) {
      const file = Buffer.from(start + svg, 'latin1')
      await expect(reader.probe(file)).rejects.toThrow(UnreadableImageError)
      await expect(reader.preprocess(file, 32)).rejects.toThrow(UnreadableImageError)
    }
  })

  it('is refused when it is empty', async () => {
    await expect(reader.probe(new Uint8Array())).rejects.toThrow('The file is empty.')
  })
})

describe('A picture too large', () => {
  it('in bytes is refused', async () => {
    await expect(reader.probe(Buffer.alloc(300_001))).rejects.toThrow(ImageTooLargeError)
  })

  it('in pixels is refused, a bomb by its header alone', async () => {
    const wide = await sharp({ create: { width: 1001, height: 1000, channels: 3, background: '#fff' } })
      .png()
      .toBuffer()
    await expect(reader.preprocess(wide, 32)).rejects.toThrow(ImageTooLargeError)
    const before = process.memoryUsage.rss()
    await expect(reader.probe(headerOfPng(30_000, 30_000))).rejects.toThrow(ImageTooLargeError)
    await expect(reader.thumbnail(headerOfPng(30_000, 30_000), 64)).rejects.toThrow(ImageTooLargeError)
    expect(process.memoryUsage.rss() - before).toBeLessThan(500e6)
  })
})

/** The byte values that the normalised pixel was made from. */
function colourAt(pixels: Float32Array, size: number, { x, y }: { x: number; y: number }): number[] {
  const mean = [0.485, 0.456, 0.406]
  const deviation = [0.229, 0.224, 0.225]
  return [0, 1, 2].map((channel) => {
    const value = pixels[channel * size * size + y * size + x] as number
    return Math.round(Math.abs(value * (deviation[channel] as number) + (mean[channel] as number)) * 255)
  })
}
