/** Pictures from anyone: checked by their bytes, decoded within bounds, whole or not at all. */
import { createHash } from 'node:crypto'
import sharp, { type Metadata, type Sharp, type SharpOptions } from 'sharp'
import { ImageTooLargeError, UnreadableImageError } from './image.errors.js'
import { imageFormat, lacksEnd, type ImageFormat } from './image.format.js'
import type { Box } from './augment/random-crop.js'
import type { View } from './augment/view.js'
import { upscaleMiddle } from './bilinear.upscale.js'
import { cropAndNormalise, middleInColour, type RawImage } from './image.tensor.js'
import { HASH_SIDE, perceptualHash, signHash } from './perceptual-hash.js'
import { resizedSize, type Size } from './torchvision.geometry.js'

export interface ImageLimits {
  readonly maxPixels: number
  readonly maxImageBytes: number
  /** For one decoding; 20 by default. */
  readonly timeoutSeconds?: number
}

/** Width and height after the EXIF orientation is applied. */
export interface ImageInfo extends Size {
  readonly format: ImageFormat
}

export interface ProbedImage extends ImageInfo {
  /** As `signHash` gives it. */
  readonly perceptualHash: bigint
}

/** All throw UnreadableImageError, with the reason, or ImageTooLargeError. */
export interface ImageReader {
  /** Reads the header and decodes every pixel once, keeping none. */
  probe(bytes: Uint8Array): Promise<ProbedImage>
  /** Of the decoded pixels and their size: equal for the same picture in another file without loss. */
  pixelDigest(bytes: Uint8Array): Promise<string>
  /** What the network sees, [3, imageSize, imageSize], as torchvision would make it. */
  preprocess(bytes: Uint8Array, imageSize: number): Promise<Float32Array>
  /** The same of a varied picture. */
  preprocessView(bytes: Uint8Array, imageSize: number, view: View): Promise<Float32Array>
  /** What `preprocess` normalises: a square of `imageSize` in three colours. */
  crop(bytes: Uint8Array, imageSize: number): Promise<RawImage>
  /** probe and preprocess in one decoding. */
  decode(bytes: Uint8Array, imageSize: number): Promise<{ info: ImageInfo; pixels: Float32Array }>
  /** A JPEG for people, its longer side at most `size`. */
  thumbnail(bytes: Uint8Array, size: number): Promise<Buffer>
}

const MAX_JPEG_SIDE = 65_535

export function createImageReader(limits: ImageLimits): ImageReader {
  const decode: ImageReader['decode'] = async (bytes, imageSize) => {
    const source = await openImage(bytes, limits)
    return { info: source.info, pixels: cropAndNormalise(await decodeResized(source, imageSize), imageSize) }
  }
  return {
    decode,
    probe: async (bytes) => {
      const source = await openImage(bytes, limits)
      return { ...source.info, perceptualHash: signHash(perceptualHash(await decodeAll(source))) }
    },
    pixelDigest: async (bytes) => {
      const { data, info } = await render(await openImage(bytes, limits), {}, (image) =>
        image.raw().toBuffer({ resolveWithObject: true }),
      )
      return createHash('sha256')
        .update(`${String(info.width)} ${String(info.height)} `)
        .update(data)
        .digest('hex')
    },
    preprocess: async (bytes, imageSize) => (await decode(bytes, imageSize)).pixels,
    preprocessView: async (bytes, imageSize, view) => {
      const source = await openImage(bytes, limits)
      const box = view.crop(source.info)
      const image = box === null ? await decodeResized(source, imageSize) : await decodeBox(source, box, imageSize)
      return cropAndNormalise(view.change(middleInColour(image, imageSize)), imageSize)
    },
    crop: async (bytes, imageSize) =>
      middleInColour(await decodeResized(await openImage(bytes, limits), imageSize), imageSize),
    thumbnail: async (bytes, size) => {
      const source = await openImage(bytes, limits)
      const side = Math.min(size, MAX_JPEG_SIDE)
      return render(source, { ignoreIcc: false }, (image) =>
        image.resize({ width: side, height: side, fit: 'inside', withoutEnlargement: true }).jpeg().toBuffer(),
      )
    },
  }
}

/** A picture whose header is known to be acceptable. */
interface Source {
  readonly bytes: Uint8Array
  readonly info: ImageInfo
  readonly options: SharpOptions
  readonly timeoutSeconds: number
}

/** Reads the header only: whatever is too large is refused before a pixel is decoded. */
async function openImage(bytes: Uint8Array, limits: ImageLimits): Promise<Source> {
  const { maxPixels, maxImageBytes, timeoutSeconds = 20 } = limits
  if (bytes.length > maxImageBytes)
    throw new ImageTooLargeError(`The file has more than ${String(maxImageBytes)} bytes.`)
  const format = imageFormat(bytes)
  const metadata = await readMetadata(bytes)
  // A file of two natures must not reach a decoder that its first bytes did not announce.
  if (metadata.format !== (format === 'avif' ? 'heif' : format)) throw damaged()
  if (metadata.width * metadata.height > maxPixels) {
    throw new ImageTooLargeError(`The picture has more than ${String(maxPixels)} pixels.`)
  }
  if (lacksEnd(bytes, format)) throw damaged()
  return {
    bytes,
    info: { format, width: metadata.autoOrient.width, height: metadata.autoOrient.height },
    // torchvision's loader knows no colour profiles; without one CMYK would not come out as colours at all.
    options: { autoOrient: true, limitInputPixels: maxPixels, ignoreIcc: metadata.space !== 'cmyk' },
    timeoutSeconds,
  }
}

async function readMetadata(bytes: Uint8Array): Promise<Metadata> {
  try {
    return await sharp(bytes, { failOn: 'error', limitInputPixels: false }).metadata()
  } catch {
    throw damaged()
  }
}

/** Every row of the file is read; JPEG decodes them at up to an eighth of their size, which misses nothing. */
async function decodeAll(source: Source): Promise<RawImage> {
  const { data, info } = await render(source, { sequentialRead: true }, (image) =>
    image.resize(HASH_SIDE, HASH_SIDE, { fit: 'fill' }).raw().toBuffer({ resolveWithObject: true }),
  )
  return { data, width: info.width, height: info.height, channels: info.channels }
}

/** One part of the picture as a square of `imageSize`. */
async function decodeBox(source: Source, box: Box, imageSize: number): Promise<RawImage> {
  const { data, info } = await render(source, {}, (image) =>
    image
      .extract(box)
      .resize(imageSize, imageSize, { fit: 'fill', kernel: 'linear', fastShrinkOnLoad: false })
      .raw()
      .toBuffer({ resolveWithObject: true }),
  )
  return { data, width: info.width, height: info.height, channels: info.channels }
}

/** Beyond this a picture is a line, and resizing all of it would need memory without bound. */
const MAX_ASPECT = 32

/** torchvision's Resize. The whole picture, not its middle, so that truncation anywhere is noticed. */
async function decodeResized(source: Source, imageSize: number): Promise<RawImage> {
  const middle = middleOf(source.info)
  if (middle.width !== source.info.width || middle.height !== source.info.height) await decodeAll(source)
  const resized = resizedSize(middle, imageSize)
  const enlarges = resized.width > middle.width
  // extract() keeps sharp from letting the decoder shrink, which is quicker and coarser.
  const { data, info } = await render(source, {}, (image) => {
    const pixels = image.extract(middle)
    if (!enlarges)
      pixels.resize(resized.width, resized.height, { fit: 'fill', kernel: 'linear', fastShrinkOnLoad: false })
    return pixels.raw().toBuffer({ resolveWithObject: true })
  })
  const raw = { data, width: info.width, height: info.height, channels: info.channels }
  return enlarges ? upscaleMiddle(raw, resized, imageSize) : raw
}

function middleOf({ width, height }: Size): Size & { left: number; top: number } {
  const longest = MAX_ASPECT * Math.min(width, height)
  const kept = { width: Math.min(width, longest), height: Math.min(height, longest) }
  return { ...kept, left: (width - kept.width) >> 1, top: (height - kept.height) >> 1 }
}

/**
 * Decodes to sRGB, 8 bits, transparency on white. Warnings count at first: some mean that rows are missing. Those that
 * do not (stray bytes between segments, a questionable colour profile) are common in the wild and forgiven.
 */
async function render<Result>(
  source: Source,
  options: SharpOptions,
  finish: (image: Sharp) => Promise<Result>,
): Promise<Result> {
  const attempt = (failOn: 'warning' | 'error'): Promise<Result> => {
    const image = sharp(source.bytes, { ...source.options, ...options, failOn })
    const seconds = source.timeoutSeconds
    return finish(image.timeout({ seconds }).flatten({ background: '#fff' }).toColourspace('srgb'))
  }
  try {
    return await attempt('warning').catch((error: unknown) => {
      if (/premature end|timeout/i.test(String(error))) throw error
      return attempt('error')
    })
  } catch (error) {
    if (/timeout/i.test(String(error))) throw new UnreadableImageError('The picture takes too long to decode.')
    throw damaged()
  }
}

function damaged(): UnreadableImageError {
  return new UnreadableImageError('The file is truncated or damaged.')
}
