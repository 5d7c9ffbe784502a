/** Where files are sent to: PUT takes one whole, HEAD and PATCH in parts by the tus protocol. The address is the secret. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { MemoryLocker, Server } from '@tus/server'
import type { GraphQLError } from 'graphql'
import type { Upload } from '../database/generated/client.js'
import { badUserInput, codedError } from '../graphql/errors.js'
import { isOutOfReach, type Mask } from '../graphql/mask.js'
import { sendMissing } from '../graphql/missing.reply.js'
import type { BlobStore } from '../storage/blob-store.js'
import { StorageError, StorageFullError } from '../storage/storage.errors.js'
import { TusError, TusStore } from './tus.store.js'
import { receive, ReceiveError } from './upload.receiver.js'
import type { UploadRepository } from './upload.repository.js'
import { sha256Of } from '../domain/digest.js'

export interface UploadRoute {
  readonly uploads: UploadRepository
  readonly storage: BlobStore
  /** Whether a listed web origin asks. */
  readonly isListed: (origin: string) => boolean
  readonly mask: Mask
}

interface Route {
  Params: { token: string }
}

const GONE = 'There is no such address, or its time is over; ask for another one with createUpload.'

export function serveUploads(app: FastifyInstance, route: UploadRoute): void {
  const tusStore = new TusStore(route)
  const locker = new MemoryLocker()
  // Of their own: these bodies are streams, whatever they say that they are.
  void app.register((scope, _options, done) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', (_request, _body, parsed) => parsed(null))
    scope.put<Route>('/uploads/:token', (request, reply) => putWhole(route, request, reply))
    scope.route<Route>({
      method: ['HEAD', 'PATCH', 'OPTIONS'],
      url: '/uploads/:token',
      handler: async (request, reply) => {
        reply.hijack()
        for (const [name, value] of Object.entries(reply.getHeaders()))
          if (value !== undefined) reply.raw.setHeader(name, value)
        await createTus(route, { tusStore, locker, requestId: request.id }).handle(request.raw, reply.raw)
      },
    })
    done()
  })
}

async function putWhole(
  route: UploadRoute,
  request: FastifyRequest<Route>,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const answer = (status: number, error: GraphQLError) => reply.code(status).send({ errors: [error] })
  const row = await route.uploads.byToken(sha256Of(request.params.token))
  if (row === null || row.expiresAt <= new Date()) return sendMissing(reply, GONE)
  if (row.completedAt !== null) return answer(409, badUserInput('This address has had its file.'))
  const announced = request.headers['content-length']
  const wrong = announced === undefined ? undefined : wrongSize(row, Number(announced))
  if (wrong !== undefined) return answer(wrong.status, wrong.error)
  try {
    const received = await takeWhole(route, row, request)
    const missing = wrongSize(row, received)
    return missing === undefined ? await reply.code(204).send() : await answer(missing.status, missing.error)
  } catch (error) {
    if (!request.raw.complete && !isOurs(error))
      return answer(400, badUserInput('The connection broke off; send the file again.'))
    const { status, shown } = explained(error, (failure) => route.mask(failure, request.id))
    return answer(status, shown)
  }
}

/** All of it or nothing: what came of a file that broke off is forgotten. */
async function takeWhole(route: UploadRoute, row: Upload, request: FastifyRequest): Promise<number> {
  const sending = await route.uploads.beginAnew(row.id)
  if (sending === null) throw new ReceiveError('conflict', 'This address has had its file, or its time is over.')
  let received = 0
  try {
    received = await receive(route, sending, request.raw)
    return received
  } finally {
    if (received !== Number(row.byteSize)) await route.uploads.forget(sending)
  }
}

function wrongSize(row: Upload, found: number): { status: number; error: GraphQLError } | undefined {
  const wanted = Number(row.byteSize)
  if (found === wanted) return undefined
  const message = `The file was announced with ${String(wanted)} bytes, and ${String(found)} were sent; send it again.`
  return { status: found > wanted ? 413 : 400, error: badUserInput(message) }
}

const STATUS = { conflict: 409, 'too-much': 413, 'too-many-parts': 413 } as const

/** Not the sender's: a body that we cease to read is no broken connection. */
function isOurs(error: unknown): boolean {
  return error instanceof ReceiveError || error instanceof StorageError
}

/** What a sender is told of a failure. */
function explained(error: unknown, mask: (error: unknown) => GraphQLError): { status: number; shown: GraphQLError } {
  if (error instanceof ReceiveError) return { status: STATUS[error.problem], shown: badUserInput(error.message) }
  if (error instanceof StorageFullError) return { status: 507, shown: codedError('UNAVAILABLE', error.message) }
  return { status: isOutOfReach(error) ? 503 : 500, shown: mask(error) }
}

/** For one request: its errors are logged under its id. Only the locker knows of the others. */
function createTus(
  { isListed, mask }: UploadRoute,
  { tusStore, locker, requestId }: { tusStore: TusStore; locker: MemoryLocker; requestId: string },
): Server {
  return new Server({
    path: '/uploads',
    datastore: tusStore,
    locker,
    allowedOrigins: isListed,
    onResponseError: (_request, error) => {
      // Its own are no errors.
      if (error instanceof TusError || !(error instanceof Error)) return undefined
      const { status, shown } = explained(error, (failure) => mask(failure, requestId))
      return { status_code: status, body: JSON.stringify({ errors: [shown] }) }
    },
  })
}
