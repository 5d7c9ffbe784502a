/**
 * A folder as one archive to upload: a ustar archive (POSIX.1-1988) as a Blob that refers to the files' own Blobs, so that
 * nothing is read before it is sent, and any part can be sent again. Names beyond ustar's get a pax header (POSIX.1-2001).
 */
export interface FileInFolder {
  /** With `/` between folders, e.g. `cat/cat.17.jpg`. */
  readonly path: string
  readonly blob: Blob
}

const BLOCK = 512
const NAME_BYTES = 100
const encoder = new TextEncoder()

export function tarOf(files: readonly FileInFolder[]): Blob {
  const parts = files.flatMap(({ path, blob }) => [...headersOf(path, blob.size), blob, padding(blob.size)])
  // Two empty blocks end an archive.
  return new Blob([...parts, new Uint8Array(2 * BLOCK)], { type: 'application/x-tar' })
}

function headersOf(path: string, size: number): Uint8Array<ArrayBuffer>[] {
  const name = encoder.encode(path)
  if (name.length <= NAME_BYTES && size < 8 ** 11) return [header(name, size, '0')]
  const record = paxRecords({ path, size: String(size) })
  return [header(encoder.encode('pax'), record.length, 'x'), record, padding(record.length), header(name, size, '0')]
}

function padding(size: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array((BLOCK - (size % BLOCK)) % BLOCK)
}

/** Offsets and lengths as POSIX has them: name 0, mode 100, size 124, time 136, checksum 148, type 156, magic 257. */
function header(name: Uint8Array, size: number, type: '0' | 'x'): Uint8Array<ArrayBuffer> {
  const block = new Uint8Array(BLOCK)
  const put = (text: string, at: number): void => block.set(encoder.encode(text), at)
  block.set(name.subarray(0, NAME_BYTES))
  put('0000644\0', 100)
  put(`${size < 8 ** 11 ? size.toString(8).padStart(11, '0') : '0'.repeat(11)}\0`, 124)
  put('00000000000\0', 136)
  // The checksum is taken with spaces in its own place.
  put('        ', 148)
  put(type, 156)
  put('ustar\u000000', 257)
  const sum = block.reduce((total, byte) => total + byte, 0)
  put(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return block
}

/** "LENGTH key=value\n", where the length counts itself. */
function paxRecords(values: Readonly<Record<string, string>>): Uint8Array<ArrayBuffer> {
  const text = Object.entries(values).map(([key, value]) => {
    const rest = ` ${key}=${value}\n`
    const bytes = encoder.encode(rest).length
    let length = bytes + String(bytes).length
    if (String(length).length > String(bytes).length) length++
    return `${String(length)}${rest}`
  })
  return encoder.encode(text.join(''))
}
