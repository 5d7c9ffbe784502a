/** What unpacking has come to: archives that would unpack to far more than they are end the import before it begins. */
import { CollectionError } from '../collection.js'

export interface UnpackLimits {
  readonly unpackedBytes: number
  readonly entries: number
}

/** No pictures shrink like this; what does is made to fill disks. */
const MAX_RATIO = 200
/** Below this a ratio says nothing: small text shrinks well. */
const RATIO_FROM_BYTES = 1e9

export class Unpacking {
  #entries = 0

  constructor(private readonly limits: UnpackLimits) {}

  entry(): void {
    this.#entries++
    if (this.#entries > this.limits.entries)
      throw bomb(`It has more than ${String(this.limits.entries)} entries (GRAFT_MAX_ARCHIVE_ENTRIES).`)
  }

  /** @param packed bytes of the archive that `unpacked` came from */
  bytes(packed: number, unpacked: number): void {
    const { unpackedBytes } = this.limits
    if (unpacked > unpackedBytes)
      throw bomb(`It unpacks to more than ${String(unpackedBytes)} bytes (GRAFT_MAX_UNPACKED_BYTES).`)
    if (unpacked > RATIO_FROM_BYTES && unpacked > packed * MAX_RATIO)
      throw bomb(`It unpacks to more than ${String(MAX_RATIO)} times its size.`)
  }
}

export function damaged(why: string): CollectionError {
  return new CollectionError(`The archive is truncated or damaged (${why}). Make it again, and send it again.`)
}

export function bomb(why: string): CollectionError {
  return new CollectionError(`The archive is not unpacked: ${why} Split it, or leave out what is no picture.`)
}
