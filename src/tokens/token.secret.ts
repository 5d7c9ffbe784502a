/** A token's text: whose row it is, and a secret of 256 random bits. What is stored is the secret's digest. */
import { randomBytes, randomUUID, timingSafeEqual } from 'node:crypto'
import { sha256Of } from '../domain/digest.js'

export interface ReadToken {
  /** The row's. */
  readonly id: string
  readonly secret: string
}

/** Nobody guesses 256 bits, so the digest needs neither salt nor slowness. */
const SECRET_BYTES = 32
const PATTERN = /^graft_([\da-f]{32})_([\w-]{43})$/

export function makeToken(): ReadToken & { readonly text: string } {
  const id = randomUUID()
  const secret = randomBytes(SECRET_BYTES).toString('base64url')
  return { id, secret, text: `graft_${id.replaceAll('-', '')}_${secret}` }
}

/** Undefined for whatever was not made here. */
export function readToken(text: string): ReadToken | undefined {
  const [, hex, secret] = PATTERN.exec(text) ?? []
  if (hex === undefined || secret === undefined) return undefined
  return { id: hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-'), secret }
}

export function isSecretOf(digest: string, secret: string): boolean {
  return timingSafeEqual(Buffer.from(digest, 'hex'), Buffer.from(sha256Of(secret), 'hex'))
}
