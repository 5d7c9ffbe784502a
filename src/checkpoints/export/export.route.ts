/** Serves exports: whole, or a range, so that a broken download goes on. The address is secret, so it is all one needs. */
import type { FastifyInstance } from 'fastify'
import { codedError } from '../../graphql/errors.js'
import { sendFile } from '../../graphql/file.reply.js'
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
      void reply
        .header('cache-control', 'private, no-cache')
        .type('application/octet-stream')
        .header('content-disposition', `attachment; filename="${row.fileName}"`)
      const { sha256 } = row
      const open = storage.stream.bind(storage, sha256)
      return sendFile(request, reply, { etag: `"${sha256}"`, byteSize: kept.byteSize, open })
    },
  })
}
