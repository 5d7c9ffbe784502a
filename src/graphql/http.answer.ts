/** How an answer to a query travels: compressed, and kept by whoever asked for a persisted document by GET. */
import { createHash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { OperationTypeNode } from 'graphql'

export const COMPRESS_FROM_BYTES = 1024

interface Answered {
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  /** Undefined where there were errors. */
  readonly operation: OperationTypeNode | undefined
}

/**
 * Nothing is stored by default. A persisted query by GET may be kept by the one who asked, and is asked again with its
 * ETag: what runs and datasets hold may change at any time. Answers of mutations, in which a token's secret may be, are
 * not compressed.
 */
export function sendAnswer(body: string, { request, reply, operation }: Answered): FastifyReply {
  const isQuery = operation === OperationTypeNode.QUERY
  void reply.header('vary', 'accept, accept-encoding, authorization, origin')
  if (!isQuery || !isPersistedGet(request)) void reply.header('cache-control', 'no-store')
  else {
    const etag = `W/"${createHash('sha256').update(body).digest('base64url')}"`
    void reply.header('cache-control', 'private, no-cache').header('etag', etag)
    if (request.headers['if-none-match'] === etag) return reply.code(304).send()
  }
  if (!isQuery) return reply.send(body)
  reply.compress(body)
  return reply
}

function isPersistedGet({ method, query }: FastifyRequest): boolean {
  const extensions = (query as { extensions?: unknown }).extensions
  return method === 'GET' && typeof extensions === 'string' && extensions.includes('persistedQuery')
}
