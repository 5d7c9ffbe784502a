/** What is sent in bad faith, and how it must be answered: tests assert the answers, `npm run bench:api` times them. */
export interface AbuseTarget {
  /** E.g. http://127.0.0.1:40123, of a server with OPEN_SETTINGS. */
  readonly url: string
  /** Of one with GUARDED_SETTINGS. */
  readonly guardedUrl: string
}

export interface AbuseCase {
  readonly name: string
  /** A status, an error's code, what a WebSocket is closed with, a refusal's reason, or ANSWERED. */
  readonly answer: string
  /** The stated time limit that ends it, where it stalls on purpose. */
  readonly limitMs?: number
  readonly send: (target: AbuseTarget) => Promise<string>
}

/** With data, and without errors. */
export const ANSWERED = 'data'

export const OPEN_SETTINGS = { GRAFT_ORIGINS: 'https://studio.example.org' }
export const GUARDED_SETTINGS = {
  GRAFT_TOKENS: 'reader:read:reader-secret-0123456789,writer:write:writer-secret-0123456789',
}

/** Longer than any stated limit; a busy machine answers long before. */
export const GIVE_UP_MS = 60_000
