/** Coded errors as HTTP answers them. */
import type { FastifyReply } from 'fastify'
import { GraphQLError } from 'graphql'
import { badUserInput } from './errors.js'
import type { Executor } from './execute.js'
import { isOutOfReach } from './mask.js'

/** The same error, with the status that HTTP has for it. */
export function withStatus(error: GraphQLError, status: number): GraphQLError {
  return new GraphQLError(error.message, { extensions: { ...error.extensions, http: { status } } })
}

export function answerError(executor: Pick<Executor, 'mask'>, error: unknown, reply: FastifyReply): FastifyReply {
  if (hasLeft(error, reply)) return reply.hijack()
  const status = statusOf(error)
  const known = error instanceof Error && !(error instanceof GraphQLError) && status < 500
  const shown = known ? badUserInput(error.message) : executor.mask(error, reply.request.id)
  return reply.code(status).send({ errors: [shown] })
}

/** A browser that leaves before the first byte of a stream, as one that turns the page does, is no failure of ours. */
function hasLeft(error: unknown, { raw }: FastifyReply): boolean {
  return raw.destroyed && error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE'
}

function statusOf(error: unknown): number {
  if (error instanceof GraphQLError) return (error.extensions['http'] as { status?: number } | undefined)?.status ?? 400
  const status = typeof error === 'object' && error !== null && 'statusCode' in error ? error.statusCode : undefined
  if (typeof status === 'number') return status
  return isOutOfReach(error) ? 503 : 500
}
