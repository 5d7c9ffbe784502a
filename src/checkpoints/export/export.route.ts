/** Serves exports: whole, or a range, so that a broken download goes on. The address is secret, so it is all one needs. */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import parseRange from 'range-parser'
import { codedError } from '../../graphql/errors.js'
import type { BlobStore } from '../../storage/blob-store.js'
import type { ExportRepository } from './export.repository.js'

interface Rooms {
  readonly exports: ExportRepository
  readonly storage: BlobStore
}

interface Route {
  Params: { token: string }
}

const GONE = { errors: [codedError('NOT_FOUND', 'There is no such export, or its hour is over; export it again.')] }

export function serveExports(app: FastifyInstance, { exports, storage }: Rooms): void {
  app.route<Route>({
    method: ['GET', 'HEAD'],
    url: '/exports/:token',
    handler: async (request, reply) => {
      const row = await exports.served(request.params.token)
      const kept = row && (await storage.stat(row.sha256))
      if (!row || !kept) return reply.code(404).send(GONE)
      const etag = `"${row.sha256}"`
      void reply.header('etag', etag).header('accept-ranges', 'bytes').header('cache-control', 'private, no-cache')
      if (request.headers['if-none-match'] === etag) return reply.code(304).send()
      const range = rangeOf(request, etag, kept.byteSize)
      if (range === null)
        return reply
          .code(416)
          .header('content-range', `bytes */${String(kept.byteSize)}`)
          .send()
      const { start, end } = range ?? { start: 0, end: kept.byteSize - 1 }
      if (range !== undefined)
        void reply.code(206).header('content-range', `bytes ${String(start)}-${String(end)}/${String(kept.byteSize)}`)
      void reply
        .type('application/octet-stream')
        .header('content-disposition', `attachment; filename="${row.fileName}"`)
        .header('content-length', end - start + 1)
      return reply.send(request.method === 'HEAD' ? '' : storage.stream(row.sha256, { start, end }))
    },
  })
}

/** Undefined for the whole, which a server may always send; null where the range lies outside. */
function rangeOf(
  { method, headers }: FastifyRequest<Route>,
  etag: string,
  byteSize: number,
): { start: number; end: number } | undefined | null {
  const isSame = (headers['if-range'] ?? etag) === etag
  if (method !== 'GET' || headers.range === undefined || !isSame) return undefined
  const ranges = parseRange(byteSize, headers.range)
  if (ranges === -1) return null
  if (ranges === -2 || ranges.type !== 'bytes' || ranges.length !== 1) return undefined
  return ranges[0]
}
