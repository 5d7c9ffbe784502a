/**
 * Serves exports: whole, or a range, so that a broken download goes on; and a page that says how to load each. The address
 * is secret, so it is all one needs.
 */
import type { FastifyInstance } from 'fastify'
import { sendFile } from '../../graphql/file.reply.js'
import { sendMissing } from '../../graphql/missing.reply.js'
import type { BlobStore } from '../../storage/blob-store.js'
import { exportPage, PAGE_POLICY } from './export.page.js'
import type { ExportRepository } from './export.repository.js'

interface Rooms {
  readonly exports: ExportRepository
  readonly storage: BlobStore
}

interface Route {
  Params: { token: string }
}

const GONE = 'There is no such export, or its hour is over; export it again.'

export function serveExports(app: FastifyInstance, { exports, storage }: Rooms): void {
  app.route<Route>({
    method: ['GET', 'HEAD'],
    url: '/exports/:token',
    handler: async (request, reply) => {
      const row = await exports.served(request.params.token)
      const kept = row && (await storage.stat(row.sha256))
      if (!row || !kept) return sendMissing(reply, GONE)
      void reply
        .header('cache-control', 'private, no-cache')
        .type('application/octet-stream')
        .header('content-disposition', `attachment; filename="${row.fileName}"`)
      const { sha256 } = row
      const open = storage.stream.bind(storage, sha256)
      return sendFile(request, reply, { etag: `"${sha256}"`, byteSize: kept.byteSize, open })
    },
  })
  app.get<Route>('/exports/:token/page', async (request, reply) => {
    const row = await exports.served(request.params.token)
    const facts = row?.checkpointId ? await exports.facts(row.checkpointId) : null
    if (row === null || facts === null) return sendMissing(reply, GONE)
    const page = exportPage({ ...row, ...facts, byteSize: Number(row.byteSize), href: `../${row.token}` })
    return reply
      .header('cache-control', 'private, no-store')
      .header('content-security-policy', PAGE_POLICY)
      .type('text/html; charset=utf-8')
      .send(page)
  })
}
