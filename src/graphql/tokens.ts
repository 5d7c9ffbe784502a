/** From an `authorization` value to who asks. */
import { createHash, timingSafeEqual } from 'node:crypto'
import { TOKEN_SCOPES, type Token, type TokenScope } from '../config/token.setting.js'
import { LOCAL_CALLER, type Caller } from './caller.js'
import { codedError } from './errors.js'

/** Takes `Bearer SECRET`; rejects with UNAUTHENTICATED where there are tokens and this is none of them. */
export type Authenticate = (authorization: unknown) => Promise<Caller>

const IMPLIED: Record<TokenScope, readonly TokenScope[]> = {
  read: ['read'],
  classify: ['classify'],
  write: ['read', 'classify', 'write'],
  admin: TOKEN_SCOPES,
}

export function createAuthenticate(tokens: readonly Token[]): Authenticate {
  if (tokens.length === 0) return () => Promise.resolve(LOCAL_CALLER)
  const known = tokens.map(({ name, scopes, secret }) => ({
    digest: digest(secret),
    caller: { name, scopes: new Set(scopes.flatMap((scope) => IMPLIED[scope])) },
  }))
  return (authorization) => {
    const [, secret] = /^Bearer +(\S+) *$/i.exec(typeof authorization === 'string' ? authorization : '') ?? []
    const given = digest(secret ?? '')
    const found = known.find((each) => timingSafeEqual(each.digest, given))
    if (secret !== undefined && found !== undefined) return Promise.resolve(found.caller)
    return Promise.reject(codedError('UNAUTHENTICATED', 'A token is needed: authorization: Bearer SECRET.'))
  }
}

function digest(secret: string): Buffer {
  return createHash('sha256').update(secret).digest()
}
