/** GraphQL over server-sent events (graphql-sse, distinct connections) on the shared executor. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { getOperationAST, GraphQLError, OperationTypeNode } from 'graphql'
import type { Caller } from './caller.js'
import { badUserInput } from './errors.js'
import { EventStream } from './event-stream.js'
import type { Answer, Executor, ReadDocument } from './execute.js'
import { callerOf } from './http.caller.js'
import { withStatus } from './http.errors.js'
import type { HttpOptions } from './http.js'
import type { LiveConnections } from './live-connections.js'
import { readParameters, readUrlParameters, type Parameters } from './parameters.js'

export interface EventStreamOptions extends HttpOptions {
  readonly connections: LiveConnections
}

export interface EventStreams {
  /** Ends every stream, as a lost connection. */
  close(): void
}

export function serveEventStreams(app: FastifyInstance, options: EventStreamOptions): EventStreams {
  const { executor, authenticate, connections } = options
  const streams = new Set<EventStream>()
  app.route({
    method: ['GET', 'POST'],
    url: '/graphql/stream',
    handler: async (request, reply) => {
      requireEventStream(request)
      const caller = await callerOf(authenticate, request.headers.authorization)
      const parameters = parametersOf(request)
      const release = openConnection(connections, caller)
      try {
        const answer = await answerTo(executor, {
          ...{ ...parameters, caller, requestId: request.id },
          isGet: request.method === 'GET',
        })
        const stream = new EventStream(reply.hijack().raw, headersOf(reply))
        streams.add(stream)
        await stream.send(answer).finally(() => streams.delete(stream))
      } finally {
        release()
      }
    },
  })
  return {
    close: () => {
      for (const stream of streams) stream.close()
    },
  }
}

function requireEventStream({ headers }: FastifyRequest): void {
  if (headers.accept?.includes('text/event-stream') === true) return
  throw withStatus(badUserInput('This address answers in events only: accept: text/event-stream.'), 406)
}

function parametersOf(request: FastifyRequest): Parameters {
  return request.method === 'GET'
    ? readUrlParameters(request.query as Record<string, unknown>)
    : readParameters(request.body)
}

function openConnection(connections: LiveConnections, caller: Caller): () => void {
  try {
    return connections.open(caller)
  } catch (error) {
    throw error instanceof GraphQLError ? withStatus(error, 429) : error
  }
}

interface StreamRequest extends Parameters {
  readonly caller: Caller
  readonly requestId: string
  readonly isGet: boolean
}

/** What the protocol wants as an event, errors included, except that a mutation by GET is refused by its status. */
async function answerTo(executor: Executor, { isGet, ...request }: StreamRequest): Promise<Answer> {
  let read: ReadDocument
  try {
    read = executor.read(request, request.requestId)
  } catch (error) {
    return { errors: [executor.mask(error, request.requestId)] }
  }
  const operation = getOperationAST(read.document, request.operationName)?.operation
  if (isGet && operation === OperationTypeNode.MUTATION) {
    throw withStatus(badUserInput('Mutations are sent by POST.'), 405)
  }
  return executor.answer({ ...request, ...read })
}

/** Those that every answer carries. */
function headersOf(reply: FastifyReply): Record<string, string> {
  return Object.fromEntries(Object.entries(reply.getHeaders()).map(([name, value]) => [name, String(value)]))
}
