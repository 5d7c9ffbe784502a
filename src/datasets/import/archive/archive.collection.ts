/** An uploaded archive, told by its bytes: what it is called says nothing. */
import { constants, gunzipSync } from 'node:zlib'
import { Header } from 'tar'
import type { UploadBytes } from '../../../uploads/upload.bytes.js'
import { CollectionError, type Collection } from '../collection.js'
import { tarCollection } from './tar.collection.js'
import type { UnpackLimits } from './unpacking.js'
import { zipCollection } from './zip.collection.js'

export interface Archive {
  readonly fileName: string
  readonly bytes: UploadBytes
  readonly limits: UnpackLimits
  readonly signal: AbortSignal
}

const HEAD_BYTES = 4096
const TAR_BLOCK = 512

/** Hexadecimal beginnings of what people take for archives that are read here. */
const OTHERS: readonly (readonly [RegExp, string])[] = [
  [/^526172211a07/, 'a .rar archive'],
  [/^377abcaf271c/, 'a .7z archive'],
  [/^fd377a585a00/, 'an .xz file'],
  [/^425a68/, 'a .bz2 file'],
  [/^28b52ffd/, 'a .zst file'],
  [/^1f8b/, 'a .gz file without a tar archive in it'],
  [/^(ffd8ff|89504e47|47494638|52494646.{8}57454250)/, 'a picture: add it with addImage'],
]

/** @throws CollectionError where it is no archive */
export async function archiveCollection(archive: Archive): Promise<Collection> {
  const head = await archive.bytes.read(0, Math.min(HEAD_BYTES, archive.bytes.byteSize))
  const hex = head.toString('hex', 0, 16)
  if (/^504b(0304|0506)/.test(hex)) return zipCollection(archive)
  if (isTar(head)) return tarCollection(archive, { isGzipped: false })
  if (hex.startsWith('1f8b') && isTar(beginningOf(head))) return tarCollection(archive, { isGzipped: true })
  const what = OTHERS.find(([beginning]) => beginning.test(hex))?.[1] ?? 'of a kind that is not known'
  throw new CollectionError(`The upload "${archive.fileName}" is no .zip, .tar or .tar.gz archive: it is ${what}.`)
}

function isTar(head: Buffer): boolean {
  if (head.length < TAR_BLOCK || head[0] === 0x1f) return false
  try {
    return new Header(head.subarray(0, TAR_BLOCK)).cksumValid
  } catch {
    return false
  }
}

function beginningOf(gzipped: Buffer): Buffer {
  try {
    return gunzipSync(gzipped, { finishFlush: constants.Z_SYNC_FLUSH })
  } catch {
    return Buffer.alloc(0)
  }
}
