/** Formats that are taken, told by a file's first bytes alone: names and announced types are anyone's to choose. */
import { UnreadableImageError } from './image.errors.js'

export const IMAGE_FORMATS = ['jpeg', 'png', 'webp', 'gif', 'avif', 'tiff'] as const
export type ImageFormat = (typeof IMAGE_FORMATS)[number]

export const MEDIA_TYPES: Readonly<Record<ImageFormat, string>> = {
  jpeg: 'image/jpeg',
  png: 'image/png',
  webp: 'image/webp',
  gif: 'image/gif',
  avif: 'image/avif',
  tiff: 'image/tiff',
}

/** Hexadecimal, a dot for any digit: ISO 14496-12 files (ftyp) tell by their brands that they hold AVIF. */
const SIGNATURES: readonly (readonly [ImageFormat, RegExp])[] = [
  ['jpeg', /^ffd8ff/],
  ['png', /^89504e470d0a1a0a/],
  ['webp', /^52494646.{8}57454250/],
  ['gif', /^474946383[79]61/],
  ['avif', /^.{8}6674797061766966|^.{8}6674797061766973/],
  ['avif', /^.{8}667479706d696631(.{8}){1,6}61766966/],
  ['tiff', /^49492[ab]00|^4d4d002[ab]/],
]
const SIGNATURE_BYTES = 40

/** What people take for a picture that will do, and what to do with it. */
const OTHERS: readonly (readonly [RegExp, string])[] = [
  [/^424d/, 'a BMP: save it as PNG'],
  [/^.{8}66747970(68656963|68656978|68657663|6d696631|6d736631)/, 'a HEIC: save it as JPEG'],
  [/^(ff0a|0000000c4a584c20)/, 'a JPEG XL: save it as JPEG or PNG'],
  [/^0000000c6a502020/, 'a JPEG 2000: save it as JPEG or PNG'],
  [/^38425053/, 'a Photoshop file: save it as PNG'],
  [/^00000100/, 'an icon: save it as PNG'],
  [/^25504446/, 'a PDF'],
  [/^(efbbbf)?(20|09|0a|0d)*3c/, 'an SVG or a web page, which may hold programs'],
  [/^504b0304|^1f8b|^526172|^377abc/, 'an archive: import it with importImages'],
]

/** @throws UnreadableImageError if it is none of the formats above */
export function imageFormat(bytes: Uint8Array): ImageFormat {
  if (bytes.length === 0) throw new UnreadableImageError('The file is empty.')
  const start = Buffer.from(bytes.subarray(0, SIGNATURE_BYTES)).toString('hex')
  const found = SIGNATURES.find(([, signature]) => signature.test(start))
  if (found !== undefined) return found[0]
  const other = OTHERS.find(([signature]) => signature.test(start))
  const what = other === undefined ? '' : ` but ${other[1]}`
  throw new UnreadableImageError(`The file is not a JPEG, PNG, WebP, GIF, AVIF or TIFF picture${what}.`)
}

/** The last chunk of every PNG: its type and checksum. The decoder itself does not miss it. */
const PNG_END = Buffer.from('IEND\xaeB`\x82', 'latin1')

/** Whether a file lacks the mark that ends its format, where decoders overlook that. */
export function lacksEnd(bytes: Uint8Array, format: ImageFormat): boolean {
  return format === 'png' && Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).lastIndexOf(PNG_END) < 0
}
