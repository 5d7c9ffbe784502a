/** Serves pictures: the stored bytes, or a smaller JPEG. */
import type { FastifyInstance, FastifyReply } from 'fastify'
import type { Image } from '../database/generated/client.js'
import { badUserInput, codedError } from '../graphql/errors.js'
import { imageFormat, MEDIA_TYPES } from '../images/image.format.js'
import type { ImageReader } from '../images/image.reader.js'
import type { BlobStore } from '../storage/blob-store.js'
import { isImageSize, type ImageLinks } from './image-links.js'
import type { ImageRepository } from './image.repository.js'

export interface ImageRoute {
  readonly images: ImageRepository
  readonly storage: BlobStore
  readonly reader: ImageReader
  readonly links: ImageLinks
  /** Rejects where the request's own token does not allow reading. */
  readonly authorise: (authorization: string | undefined) => Promise<void>
}

interface Request {
  Params: { id: string }
  Querystring: { size?: string; signature?: string }
}

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/

export function serveImages(app: FastifyInstance, route: ImageRoute): void {
  app.get<Request>('/images/:id', async (request, reply) => {
    const { id } = request.params
    const size = request.query.size === undefined ? undefined : Number(request.query.size)
    if (size !== undefined && !isImageSize(size)) throw badUserInput('size is no number of pixels.')
    if (!route.links.isSigned(id, size, request.query.signature)) await route.authorise(request.headers.authorization)
    const row = UUID.test(id) ? await route.images.find(id) : null
    if (row === null) return reply.code(404).send({ errors: [codedError('NOT_FOUND', 'There is no such picture.')] })
    // The bytes behind an id never change.
    const etag = `"${row.sha256}${size === undefined ? '' : `-${String(size)}`}"`
    void reply.header('etag', etag).header('cache-control', 'private, max-age=31536000, immutable')
    if (request.headers['if-none-match'] === etag) return reply.code(304).send()
    return sendPicture(route, row, { size, reply })
  })
}

async function sendPicture(
  { storage, reader }: ImageRoute,
  row: Image,
  { size, reply }: { size: number | undefined; reply: FastifyReply },
): Promise<FastifyReply> {
  const bytes = await storage.read(row.sha256)
  const format = imageFormat(bytes)
  void reply
    .header('x-content-type-options', 'nosniff')
    .header('content-security-policy', "default-src 'none'; sandbox")
    .header('content-disposition', 'inline')
  if (size === undefined && format !== 'tiff') return reply.type(MEDIA_TYPES[format]).send(bytes)
  // No browser shows TIFF.
  const longerSide = size ?? Math.max(row.width, row.height)
  return reply.type(MEDIA_TYPES.jpeg).send(await reader.thumbnail(bytes, longerSide))
}
