/**
 * A shard: what the trunk gives for some pictures, as one blob. Little-endian:
 * 8 bytes "GRAFTFS1", 32 bytes key, 4 bytes count, 4 bytes values per picture, count × 32 bytes sha256 of the pictures,
 * then [count, values] in half precision.
 */
const MAGIC = 'GRAFTFS1'
const KEY_AT = 8
const COUNT_AT = 40
const WIDTH_AT = 44
const PICTURES_AT = 48
const SHA_BYTES = 32
const HALF_BYTES = 2

const MAX_PICTURES = 128
/** Shards are read and written whole: this bounds what that takes. */
const MAX_BODY_BYTES = 16e6

/** Enough of a shard to see which pictures are in it. */
export const SHARD_HEADER_BYTES = PICTURES_AT + MAX_PICTURES * SHA_BYTES

export interface Shard {
  /** sha256 of the pictures, in the rows' order. */
  readonly pictures: readonly string[]
  /** [pictures, width] in half precision. */
  readonly features: Uint16Array
}

/** How many pictures of `width` values go into one: 128 of pooled features, fewer of larger activations. */
export function shardPictures(width: number): number {
  return Math.min(MAX_PICTURES, Math.max(1, Math.floor(MAX_BODY_BYTES / bytesOfRow(width))))
}

/** Of one picture on disk, its name included. */
export function bytesOfRow(width: number): number {
  return width * HALF_BYTES + SHA_BYTES
}

/** First and last byte of a picture's values in its shard. */
export function rowRange(
  row: number,
  { count, width }: { count: number; width: number },
): { start: number; end: number } {
  const start = PICTURES_AT + count * SHA_BYTES + row * width * HALF_BYTES
  return { start, end: start + width * HALF_BYTES - 1 }
}

export function writeShard(key: string, { pictures, features }: Shard): Buffer {
  const header = Buffer.alloc(PICTURES_AT + pictures.length * SHA_BYTES)
  header.write(MAGIC, 'latin1')
  header.write(key, KEY_AT, 'hex')
  header.writeUInt32LE(pictures.length, COUNT_AT)
  header.writeUInt32LE(features.length / pictures.length, WIDTH_AT)
  pictures.forEach((sha256, i) => header.write(sha256, PICTURES_AT + i * SHA_BYTES, 'hex'))
  return Buffer.concat([header, new Uint8Array(features.buffer, features.byteOffset, features.byteLength)])
}

/** The pictures of a shard of this key, from its first SHARD_HEADER_BYTES; null if it is none. */
export function readShardPictures(key: string, header: Buffer): string[] | null {
  if (header.length < PICTURES_AT || header.toString('latin1', 0, KEY_AT) !== MAGIC) return null
  if (header.toString('hex', KEY_AT, COUNT_AT) !== key) return null
  const count = header.readUInt32LE(COUNT_AT)
  if (header.length < PICTURES_AT + count * SHA_BYTES) return null
  return Array.from({ length: count }, (_, i) =>
    header.toString('hex', PICTURES_AT + i * SHA_BYTES, PICTURES_AT + (i + 1) * SHA_BYTES),
  )
}

/** Null if the bytes are not a shard of this key with `width` values for each picture. */
export function readShard(key: string, bytes: Buffer, width: number): Shard | null {
  const pictures = readShardPictures(key, bytes)
  if (pictures === null || bytes.readUInt32LE(WIDTH_AT) !== width) return null
  const body = bytes.subarray(PICTURES_AT + pictures.length * SHA_BYTES)
  return body.length === pictures.length * width * HALF_BYTES ? { pictures, features: readHalves(body) } : null
}

/** A copy, aligned and its own. */
export function readHalves(bytes: Buffer): Uint16Array {
  return new Uint16Array(Uint8Array.from(bytes).buffer)
}
