/** Files over HTTP: whole or in a range, and not again to whoever has them. */
import type { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import parseRange from 'range-parser'

export interface ServedFile {
  /** Strong: in quotes, and another one for other bytes. */
  readonly etag: string
  readonly byteSize: number
  /** Both ends included. */
  readonly open: (range: { start: number; end: number }) => Uint8Array | Readable
}

/** Whether the caller has these very bytes. */
export function hasFile({ headers }: Pick<FastifyRequest, 'headers'>, etag: string): boolean {
  const known = headers['if-none-match']?.split(',').map((each) => each.trim().replace(/^W\//, ''))
  return known !== undefined && (known.includes(etag) || known.includes('*'))
}

/** Whatever else the answer's headers say is the caller's to set before. */
export function sendFile(request: FastifyRequest, reply: FastifyReply, file: ServedFile): FastifyReply {
  const { etag, byteSize, open } = file
  void reply.header('etag', etag).header('accept-ranges', 'bytes')
  if (hasFile(request, etag)) return reply.code(304).send()
  const range = rangeOf(request, file)
  if (range === null) {
    void reply.removeHeader('content-type').removeHeader('content-disposition')
    return reply
      .code(416)
      .header('content-range', `bytes */${String(byteSize)}`)
      .header('cache-control', 'no-store')
      .send()
  }
  const { start, end } = range ?? { start: 0, end: byteSize - 1 }
  if (range !== undefined)
    void reply.code(206).header('content-range', `bytes ${String(start)}-${String(end)}/${String(byteSize)}`)
  void reply.header('content-length', end - start + 1)
  return reply.send(request.method === 'HEAD' ? '' : open({ start, end }))
}

/** Undefined for the whole, which a server may always send; null where the range lies outside. */
function rangeOf(
  { method, headers }: FastifyRequest,
  { etag, byteSize }: ServedFile,
): { start: number; end: number } | undefined | null {
  const isSame = (headers['if-range'] ?? etag) === etag
  if (method !== 'GET' || headers.range === undefined || !isSame) return undefined
  const ranges = parseRange(byteSize, headers.range)
  if (ranges === -1) return null
  if (ranges === -2 || ranges.type !== 'bytes' || ranges.length !== 1) return undefined
  return ranges[0]
}
