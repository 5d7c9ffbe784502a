/** From an `authorization` value to who asks. */
import { createHash, timingSafeEqual } from 'node:crypto'
import type { GraphQLError } from 'graphql'
import type { Token } from '../config/token.setting.js'
import { callerWith, LOCAL_CALLER, type Caller } from './caller.js'
import { codedError } from './errors.js'

/** Takes `Bearer SECRET`; rejects with UNAUTHENTICATED where there are tokens and this is none of them. */
export type Authenticate = (authorization: unknown) => Promise<Caller>

/** Tokens made through the API: null for one that is not valid (any more), undefined for what is none of them. */
export type IssuedTokens = (secret: string) => Promise<Caller | null | undefined>

export function createAuthenticate(configured: readonly Token[], issued: IssuedTokens): Authenticate {
  const known = configured.map(({ name, scopes, secret }) => ({
    digest: digest(secret),
    caller: callerWith({ name, scopes }),
  }))
  return async (authorization) => {
    const [, secret] = /^Bearer +(\S+) *$/i.exec(typeof authorization === 'string' ? authorization : '') ?? []
    const owner = secret === undefined ? undefined : await issued(secret)
    if (owner === null) throw unauthenticated()
    if (owner !== undefined) return owner
    if (known.length === 0) return LOCAL_CALLER
    const given = digest(secret ?? '')
    const found = known.find((each) => timingSafeEqual(each.digest, given))
    if (secret === undefined || found === undefined) throw unauthenticated()
    return found.caller
  }
}

export function unauthenticated(): GraphQLError {
  return codedError('UNAUTHENTICATED', 'A valid token is needed: authorization: Bearer SECRET.')
}

function digest(secret: string): Buffer {
  return createHash('sha256').update(secret).digest()
}
