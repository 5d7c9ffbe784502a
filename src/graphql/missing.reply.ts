import type { FastifyReply } from 'fastify'
import { codedError } from './errors.js'

/** For every address without an answer; nobody keeps it, since there may be one later. */
export function sendMissing(reply: FastifyReply, message = 'There is nothing at this address.'): FastifyReply {
  return reply
    .code(404)
    .header('cache-control', 'no-store')
    .send({ errors: [codedError('NOT_FOUND', message)] })
}
