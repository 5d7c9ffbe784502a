/** Coded errors as HTTP answers them. */
import type { FastifyReply } from 'fastify'
import { GraphQLError } from 'graphql'
import { badUserInput } from './errors.js'
import type { Executor } from './execute.js'

/** The same error, with the status that HTTP has for it. */
export function withStatus(error: GraphQLError, status: number): GraphQLError {
  return new GraphQLError(error.message, { extensions: { ...error.extensions, http: { status } } })
}

export function answerError(executor: Pick<Executor, 'mask'>, error: unknown, reply: FastifyReply): FastifyReply {
  const status = statusOf(error)
  const known = error instanceof Error && !(error instanceof GraphQLError) && status < 500
  const shown = known ? badUserInput(error.message) : executor.mask(error, reply.request.id)
  return reply.code(status).send({ errors: [shown] })
}

function statusOf(error: unknown): number {
  if (error instanceof GraphQLError) return (error.extensions['http'] as { status?: number } | undefined)?.status ?? 400
  const status = typeof error === 'object' && error !== null && 'statusCode' in error ? error.statusCode : undefined
  return typeof status === 'number' ? status : 500
}
