/** PNGs made chunk by chunk, for what no encoder writes. */
import { crc32, deflateSync } from 'node:zlib'

/** A PNG of any size whose pixels would be one highly compressed run of black, and which is only a few bytes itself. */
export function headerOfPng(width: number, height: number): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 2, 0, 0, 0], 8)
  const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')
  const pixels = deflateSync(Buffer.alloc(width * 3 + 1))
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', pixels), chunk('IEND', Buffer.alloc(0))])
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type), data])
  const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(data.length)
  checksum.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, checksum])
}

/** An APNG of two PNGs of the same size: the second one's pixels follow as a frame. */
export function animatedPng(first: Buffer, second: Buffer): Buffer {
  const [width, height] = [first.readUInt32BE(16), first.readUInt32BE(20)]
  const control = Buffer.from([0, 0, 0, 2, 0, 0, 0, 0])
  const frame = (sequence: number): Buffer => {
    const data = Buffer.alloc(26)
    for (const [i, value] of [sequence, width, height].entries()) data.writeUInt32BE(value, 4 * i)
    data.writeUInt16BE(1, 20)
    data.writeUInt16BE(10, 22)
    return chunk('fcTL', data)
  }
  const pixels = Buffer.concat([Buffer.from([0, 0, 0, 2]), pixelsOf(second)])
  const header = first.subarray(0, 33)
  const frames = [frame(0), chunk('IDAT', pixelsOf(first)), frame(1), chunk('fdAT', pixels)]
  return Buffer.concat([header, chunk('acTL', control), ...frames, chunk('IEND', Buffer.alloc(0))])
}

/** The content of its only IDAT. */
function pixelsOf(png: Buffer): Buffer {
  const at = png.indexOf('IDAT')
  return png.subarray(at + 4, at + 4 + png.readUInt32BE(at - 4))
}
