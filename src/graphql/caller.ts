import { TOKEN_SCOPES, type TokenScope } from '../config/token.setting.js'

/** Who asks: the token's name, or `local` for anyone on loopback where there are no tokens. */
export interface Caller {
  readonly name: string
  readonly scopes: ReadonlySet<TokenScope>
  /** Aborted when its token is revoked or over: then its subscriptions end. Tokens of the settings have none. */
  readonly ended?: AbortSignal
}

const IMPLIED: Record<TokenScope, readonly TokenScope[]> = {
  read: ['read'],
  classify: ['classify'],
  write: ['read', 'classify', 'write'],
  admin: TOKEN_SCOPES,
}

/** With everything that its scopes imply. */
export function callerWith({ scopes, ...who }: Omit<Caller, 'scopes'> & { scopes: readonly TokenScope[] }): Caller {
  return { ...who, scopes: new Set(scopes.flatMap((scope) => IMPLIED[scope])) }
}

/** Without tokens the server listens on loopback only, and whoever reaches it may do everything. */
export const LOCAL_CALLER: Caller = { name: 'local', scopes: new Set(TOKEN_SCOPES) }
