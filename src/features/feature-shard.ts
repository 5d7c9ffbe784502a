/**
 * A shard: the features of up to 128 pictures as one blob. Little-endian:
 * 8 bytes "GRAFTFS1", 32 bytes key, 4 bytes count, 4 bytes features per picture, count × 32 bytes sha256 of the pictures,
 * then [count, features] in half precision.
 */
const MAGIC = 'GRAFTFS1'
const KEY_AT = 8
const COUNT_AT = 40
const WIDTH_AT = 44
const PICTURES_AT = 48
const SHA_BYTES = 32
const HALF_BYTES = 2

export const SHARD_PICTURES = 128
/** Enough of a shard to see which pictures are in it. */
export const SHARD_HEADER_BYTES = PICTURES_AT + SHARD_PICTURES * SHA_BYTES

export interface Shard {
  /** sha256 of the pictures, in the rows' order. */
  readonly pictures: readonly string[]
  /** [pictures, width] in half precision. */
  readonly features: Uint16Array
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

/** Null if the bytes are not a shard of this key. */
export function readShard(key: string, bytes: Buffer): Shard | null {
  const pictures = readShardPictures(key, bytes)
  if (pictures === null) return null
  const body = bytes.subarray(PICTURES_AT + pictures.length * SHA_BYTES)
  if (body.length !== pictures.length * bytes.readUInt32LE(WIDTH_AT) * HALF_BYTES) return null
  return { pictures, features: new Uint16Array(Uint8Array.from(body).buffer) }
}
