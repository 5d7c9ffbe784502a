/** Serves pictures: the stored bytes, or a smaller JPEG. */
import type { FastifyInstance } from 'fastify'
import type { Image } from '../database/generated/client.js'
import { badUserInput } from '../graphql/errors.js'
import { hasFile, sendFile, type ServedFile } from '../graphql/file.reply.js'
import { isUuid } from '../graphql/ids.js'
import { sendMissing } from '../graphql/missing.reply.js'
import { ImageTooLargeError, UnreadableImageError } from '../images/image.errors.js'
import { imageFormat, MEDIA_TYPES } from '../images/image.format.js'
import type { BlobStore } from '../storage/blob-store.js'
import { BlobLostError } from '../storage/storage.errors.js'
import { isImageSize, type ImageLinks } from './image-links.js'
import type { ImageRepository } from './image.repository.js'
import type { Thumbnails } from './thumbnails.js'

export interface ImageRoute {
  readonly images: ImageRepository
  readonly storage: BlobStore
  readonly thumbnails: Thumbnails
  readonly links: ImageLinks
  /** Rejects where the request's own token does not allow reading. */
  readonly authorise: (authorization: string | undefined) => Promise<void>
}

interface Request {
  Params: { id: string }
  Querystring: { size?: string; signature?: string }
}

interface Picture extends ServedFile {
  readonly mediaType: string
}

/** Nothing that a browser might run, whatever the bytes are. */
const HARMLESS = {
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; sandbox",
}
/** The bytes behind an id never change. */
const FOR_EVER = 'private, max-age=31536000, immutable'

export function serveImages(app: FastifyInstance, route: ImageRoute): void {
  app.route<Request>({
    method: ['GET', 'HEAD'],
    url: '/images/:id',
    handler: async (request, reply) => {
      const { id } = request.params
      const size = request.query.size === undefined ? undefined : Number(request.query.size)
      if (size !== undefined && !isImageSize(size)) throw badUserInput('size is no number of pixels.')
      if (!route.links.isSigned(id, size, request.query.signature)) await route.authorise(request.headers.authorization)
      const row = isUuid(id) ? await route.images.find(id) : null
      if (row === null) return sendMissing(reply, 'There is no such picture.')
      void reply.headers(HARMLESS)
      if (size === undefined && hasFile(request, etagOf(row.sha256)))
        return reply
          .code(304)
          .headers({ 'cache-control': FOR_EVER, etag: etagOf(row.sha256) })
          .send()
      const picture = await readPicture(route, row, size)
      if (typeof picture === 'string') return sendMissing(reply, picture)
      void reply.header('cache-control', FOR_EVER).header('content-disposition', dispositionOf(row, picture))
      return sendFile(request, reply.type(picture.mediaType), picture)
    },
  })
}

/** Or why it cannot be shown. */
async function readPicture(route: ImageRoute, row: Image, size: number | undefined): Promise<Picture | string> {
  try {
    return await (size === undefined ? readOriginal(route, row) : readThumbnail(route, row, size))
  } catch (error) {
    if (error instanceof BlobLostError)
      return 'The file of this picture is missing or damaged in storage; restore it from a backup.'
    if (error instanceof UnreadableImageError || error instanceof ImageTooLargeError) return error.message
    throw error
  }
}

async function readOriginal(route: ImageRoute, row: Image): Promise<Picture> {
  const bytes = await route.storage.read(row.sha256)
  const format = imageFormat(bytes)
  // No browser shows TIFF.
  if (format === 'tiff') return readThumbnail(route, row, Math.max(row.width, row.height))
  return pictureOf(bytes, { sha256: row.sha256, mediaType: MEDIA_TYPES[format] })
}

async function readThumbnail(route: ImageRoute, row: Image, size: number): Promise<Picture> {
  const { bytes, sha256 } = await route.thumbnails.of(row.sha256, size)
  return pictureOf(bytes, { sha256, mediaType: MEDIA_TYPES.jpeg })
}

function pictureOf(bytes: Buffer, { sha256, mediaType }: { sha256: string; mediaType: string }): Picture {
  const open: ServedFile['open'] = ({ start, end }) => bytes.subarray(start, end + 1)
  return { mediaType, etag: etagOf(sha256), byteSize: bytes.length, open }
}

function etagOf(sha256: string): string {
  return `"${sha256}"`
}

/** Saved under the name that it was imported by; a thumbnail is a JPEG whatever that says. */
function dispositionOf({ fileName }: Image, { mediaType }: Picture): string {
  const stem = fileName.slice(fileName.lastIndexOf('/') + 1).replace(/\.[^.]*$/, '')
  const name = Buffer.from(`${stem}.${mediaType.slice('image/'.length)}`).toString()
  return `inline; filename*=UTF-8''${encodeURIComponent(name).replaceAll(/['()*]/g, (each) => `%${each.charCodeAt(0).toString(16).toUpperCase()}`)}`
}
