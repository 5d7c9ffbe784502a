import { TOKEN_SCOPES, type TokenScope } from '../config/token.setting.js'

/** Who asks: the token's name, or `local` for anyone on loopback where there are no tokens. */
export interface Caller {
  readonly name: string
  readonly scopes: ReadonlySet<TokenScope>
}

/** Without tokens the server listens on loopback only, and whoever reaches it may do everything. */
export const LOCAL_CALLER: Caller = { name: 'local', scopes: new Set(TOKEN_SCOPES) }
