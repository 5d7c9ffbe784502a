/** Who asks over HTTP, refused with the status that HTTP has for it. */
import { GraphQLError } from 'graphql'
import type { TokenScope } from '../config/token.setting.js'
import type { Caller } from './caller.js'
import { codedError } from './errors.js'
import { withStatus } from './http.errors.js'
import type { Authenticate } from './tokens.js'

/** Rejects with UNAUTHENTICATED where the token is none of ours. */
export async function callerOf(authenticate: Authenticate, authorization: string | undefined): Promise<Caller> {
  try {
    return await authenticate(authorization)
  } catch (error) {
    throw error instanceof GraphQLError ? withStatus(error, 401) : error
  }
}

/** For addresses beside GraphQL. */
export async function requireScope(
  authenticate: Authenticate,
  authorization: string | undefined,
  scope: TokenScope,
): Promise<void> {
  const { name, scopes } = await callerOf(authenticate, authorization)
  if (scopes.has(scope)) return
  throw withStatus(codedError('FORBIDDEN', `The token "${name}" lacks the scope ${scope}.`), 403)
}
