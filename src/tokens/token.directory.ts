/** The tokens that callers of this server have shown, watched so that a revoked one is known at once. */
import type { Logger } from 'pino'
import type { TokenScope } from '../config/token.setting.js'
import type { ApiToken } from '../database/generated/client.js'
import type { Bell, Events } from '../events/events.js'
import { callerWith, type Caller } from '../graphql/caller.js'
import { unauthenticated } from '../graphql/tokens.js'
import type { TokenRepository } from './token.repository.js'
import { isSecretOf, readToken } from './token.secret.js'

/** `lastUsedAt` is no older than this. */
const TOUCH_MS = 60_000

interface Known {
  readonly row: ApiToken
  readonly caller: Caller
  readonly end: AbortController
  touchedAt: number
}

export class TokenDirectory {
  readonly #known = new Map<string, Known>()
  readonly #bell: Bell
  readonly #watching: Promise<void>
  #rings = 0

  constructor(
    private readonly tokens: TokenRepository,
    events: Events,
    private readonly log: Logger,
  ) {
    this.#bell = events.bell('token')
    this.#watching = this.#watch()
  }

  /** Who shows this text: null where it is a token that is not valid (any more), undefined where it is none of ours. */
  readonly callerOf = async (text: string): Promise<Caller | null | undefined> => {
    const read = readToken(text)
    if (read === undefined) return undefined
    const known = this.#known.get(read.id) ?? (await this.#load(read.id))
    if (known === undefined || !isSecretOf(known.row.digest, read.secret)) return null
    if (isOver(known.row)) {
      this.#forget(known)
      return null
    }
    this.#touch(known)
    return known.caller
  }

  async close(): Promise<void> {
    this.#bell.close()
    await this.#watching
  }

  /** A token that is revoked while its row is read rings, and is read again. */
  async #load(id: string): Promise<Known | undefined> {
    for (;;) {
      const rings = this.#rings
      const row = await this.tokens.find(id)
      if (rings !== this.#rings) continue
      const known = this.#known.get(id)
      if (row === null || known !== undefined) return known
      const end = new AbortController()
      const caller = callerWith({ name: row.name, scopes: row.scopes as TokenScope[], ended: end.signal })
      const loaded = { row, end, caller, touchedAt: row.lastUsedAt?.getTime() ?? 0 }
      this.#known.set(id, loaded)
      return loaded
    }
  }

  async #watch(): Promise<void> {
    for await (const _ of this.#bell) {
      this.#rings++
      await this.#check().catch((error: unknown) => this.log.warn({ err: error }, 'Tokens could not be checked'))
    }
  }

  /** Ends those whose row is gone or over. */
  async #check(): Promise<void> {
    if (this.#known.size === 0) return
    const rows = new Map((await this.tokens.withIds([...this.#known.keys()])).map((row) => [row.id, row]))
    for (const known of [...this.#known.values()]) {
      if (!rows.has(known.row.id) || isOver(known.row)) this.#forget(known)
    }
  }

  #forget(known: Known): void {
    this.#known.delete(known.row.id)
    known.end.abort(unauthenticated())
  }

  #touch(known: Known): void {
    const now = new Date()
    if (now.getTime() - known.touchedAt < TOUCH_MS) return
    known.touchedAt = now.getTime()
    this.tokens.touch(known.row.id, now).catch((error: unknown) => {
      this.log.warn({ err: error }, 'When a token was used could not be stored')
    })
  }
}

function isOver({ expiresAt }: ApiToken): boolean {
  return expiresAt !== null && expiresAt.getTime() <= Date.now()
}
