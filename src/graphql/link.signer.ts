/** Signs addresses, where there are tokens: a browser's <img> or a download link cannot send one. */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { Token } from '../config/token.setting.js'

export interface LinkSigner {
  /** What the address carries as `signature`; nothing where there are no tokens. */
  signatureOf(what: string): { signature?: string }
  /** Whether it is the one that `signatureOf` gives for the very same thing. */
  isSigned(what: string, signature: unknown): boolean
}

export function createLinkSigner(tokens: readonly Token[]): LinkSigner {
  // Every server with the same tokens makes and takes the same signatures.
  const secrets = tokens.map((token) => token.secret).sort()
  const key = createHash('sha256')
    .update(['graft links', ...secrets].join('\n'))
    .digest()
  const sign = (what: string): string => createHmac('sha256', key).update(what).digest('base64url')
  return {
    signatureOf: (what) => (tokens.length === 0 ? {} : { signature: sign(what) }),
    isSigned(what, signature) {
      const wanted = Buffer.from(sign(what))
      const given = Buffer.from(typeof signature === 'string' ? signature : '')
      return given.length === wanted.length && timingSafeEqual(given, wanted)
    },
  }
}
