/** Archives written byte by byte, as nobody should make them. */
import { crc32, deflateRawSync } from 'node:zlib'
import { Header } from 'tar'

export interface RawEntry {
  readonly name: string
  readonly content: Buffer
  /** Unix: 0o120777 is a link. */
  readonly mode?: number
  readonly isEncrypted?: boolean
  /** What the archive says that it unpacks to. */
  readonly saidSize?: number
  readonly saidCrc?: number
  /** Takes the bytes of the first entry for its own. */
  readonly sharesFirst?: boolean
}

/** Byte by byte, with whatever names, modes and sizes one wants. */
export function rawZip(entries: readonly RawEntry[]): Buffer {
  const files: Buffer[] = []
  const directory: Buffer[] = []
  let at = 0
  for (const entry of entries) {
    const packed = deflateRawSync(entry.content)
    const [name, flags] = [Buffer.from(entry.name), 0x800 | (entry.isEncrypted === true ? 1 : 0)]
    const common = Buffer.alloc(26)
    common.writeUInt16LE(20, 0)
    common.writeUInt16LE(flags, 2)
    common.writeUInt16LE(8, 4)
    common.writeUInt32LE(entry.saidCrc ?? crc32(entry.content), 10)
    common.writeUInt32LE(packed.length, 14)
    common.writeUInt32LE(entry.saidSize ?? entry.content.length, 18)
    common.writeUInt16LE(name.length, 22)
    const tail = Buffer.alloc(14)
    tail.writeUInt32LE(((entry.mode ?? 0o100644) << 16) >>> 0, 6)
    tail.writeUInt32LE(entry.sharesFirst === true ? 0 : at, 10)
    directory.push(Buffer.from('504b01021e03', 'hex'), common, tail, name)
    if (entry.sharesFirst === true) continue
    const file = Buffer.concat([Buffer.from('504b0304', 'hex'), common, name, packed])
    files.push(file)
    at += file.length
  }
  const central = Buffer.concat(directory)
  const end = Buffer.alloc(22)
  end.write('504b0506', 'hex')
  end.writeUInt16LE(entries.length, 8)
  end.writeUInt16LE(entries.length, 10)
  end.writeUInt32LE(central.length, 12)
  end.writeUInt32LE(at, 16)
  return Buffer.concat([...files, central, end])
}

export interface TarEntry {
  readonly name: string
  readonly content?: Buffer
  readonly type?: 'File' | 'SymbolicLink' | 'Link' | 'CharacterDevice' | 'Directory' | 'NextFileHasLongPath'
  readonly linkpath?: string
}

export function rawTar(entries: readonly TarEntry[]): Buffer {
  const blocks = entries.flatMap(({ name, content = Buffer.alloc(0), type = 'File', linkpath }) => {
    const header = new Header({ path: name, size: content.length, mode: 0o644, type, ...(linkpath && { linkpath }) })
    header.encode()
    return [header.block as Buffer, content, Buffer.alloc((512 - (content.length % 512)) % 512)]
  })
  return Buffer.concat([...blocks, Buffer.alloc(1024)])
}
