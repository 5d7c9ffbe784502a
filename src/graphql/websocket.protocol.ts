/** The state machine of graphql-transport-ws on the shared executor: who may open a socket, and what runs on it. */
import { CloseCode, makeServer, type Server } from 'graphql-ws'
import type { ExecutionArgs } from 'graphql'
import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Caller } from './caller.js'
import { badUserInput, rateLimited } from './errors.js'
import { isStream, type Answer, type Executor, type GraphRequest } from './execute.js'
import type { LiveConnections } from './live-connections.js'
import { isOutOfReach } from './mask.js'
import type { Authenticate } from './tokens.js'

export interface ProtocolOptions {
  readonly executor: Executor
  readonly authenticate: Authenticate
  readonly connections: LiveConnections
  /** Operations that run at a time on one socket. */
  readonly operations: number
}

export interface SocketState {
  readonly request: IncomingMessage
  readonly close: (code: number, reason: string) => void
  caller?: Caller
  /** Gives back the token's place among its live connections. */
  release?: () => void
}

/** Operations are started in `onSubscribe`, so that a refused stream is an `error` message. */
export function createProtocol(options: ProtocolOptions): Server<SocketState> {
  const { executor } = options
  const answers = new WeakMap<ExecutionArgs, Answer>()
  const answerOf = (args: ExecutionArgs): Answer =>
    answers.get(args) ?? { errors: [badUserInput('No such operation.')] }
  return makeServer<Record<string, unknown>, SocketState>({
    onConnect: ({ extra, connectionParams }) => connect(options, extra, connectionParams?.['authorization']),
    onClose: ({ extra }) => extra.release?.(),
    onSubscribe: async ({ extra, subscriptions }, _id, { query, operationName, variables, extensions }) => {
      const requestId = randomUUID()
      try {
        const { caller } = extra
        if (caller === undefined) throw badUserInput('The connection was not opened.')
        refuseMore(Object.keys(subscriptions).length, options.operations)
        const read = executor.read({ query, extensions }, requestId)
        const request: GraphRequest = { ...read, operationName, variables: variables ?? {}, caller, requestId }
        const answer = await executor.answer(request)
        if (!isStream(answer) && !('data' in answer)) return answer.errors ?? []
        const args = { document: read.document, operationName: operationName ?? null } as ExecutionArgs
        answers.set(args, answer)
        return args
      } catch (error) {
        return [executor.mask(error, requestId)]
      }
    },
    execute: answerOf,
    subscribe: answerOf,
    onError: (...[, , , errors]) => errors.map((error) => executor.mask(error, randomUUID()).toJSON()),
  })
}

/** Of the WebSocket registry: clients that open lost connections again take it for one. */
const TRY_AGAIN_LATER = 1013

/** False closes the socket as forbidden. */
async function connect(options: ProtocolOptions, socket: SocketState, authorization: unknown): Promise<boolean> {
  try {
    socket.caller = await options.authenticate(authorization ?? socket.request.headers.authorization)
  } catch (error) {
    if (!isOutOfReach(error)) return false
    socket.close(TRY_AGAIN_LATER, 'The database is out of reach')
    return true
  }
  try {
    socket.release = options.connections.open(socket.caller)
    closeWith(socket, socket.caller)
  } catch {
    socket.close(CloseCode.TooManyInitialisationRequests, 'Too many live connections')
  }
  return true
}

/** A token that is revoked or over closes its sockets: nothing more may be asked on them. */
function closeWith(socket: SocketState, { ended }: Caller): void {
  const close = (): void => socket.close(CloseCode.Forbidden, 'The token is not valid any more')
  ended?.addEventListener('abort', close, { once: true })
  const { release } = socket
  socket.release = () => {
    ended?.removeEventListener('abort', close)
    release?.()
  }
}

/** `open` counts the one that asks. */
function refuseMore(open: number, limit: number): void {
  if (open <= limit) return
  throw rateLimited(`${String(limit)} operations run on this socket already: end some first.`, 1)
}
