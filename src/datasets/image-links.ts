/** Addresses of pictures. Where there are tokens they are signed: a browser's <img> cannot send one. */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { Token } from '../config/token.setting.js'

export const MAX_IMAGE_SIZE = 4096

export function isImageSize(size: number): boolean {
  return Number.isInteger(size) && size >= 1 && size <= MAX_IMAGE_SIZE
}

export interface ImageLinks {
  urlOf(id: string, size?: number): string
  /** Whether the signature is the one that `urlOf` gave for this very picture and size. */
  isSigned(id: string, size: number | undefined, signature: unknown): boolean
}

/** @param baseUrl the server's address, known once it listens */
export function createImageLinks(tokens: readonly Token[], baseUrl: () => string): ImageLinks {
  // Every server with the same tokens makes and takes the same signatures.
  const secrets = tokens.map((token) => token.secret).sort()
  const key = createHash('sha256')
    .update(['graft image links', ...secrets].join('\n'))
    .digest()
  const sign = (id: string, size: number | undefined): string =>
    createHmac('sha256', key)
      .update(`${id} ${String(size ?? 'original')}`)
      .digest('base64url')
  return {
    urlOf(id, size) {
      const query = new URLSearchParams({
        ...(size === undefined ? {} : { size: String(size) }),
        ...(tokens.length === 0 ? {} : { signature: sign(id, size) }),
      }).toString()
      return `${baseUrl()}/images/${id}${query === '' ? '' : `?${query}`}`
    },
    isSigned(id, size, signature) {
      const wanted = Buffer.from(sign(id, size))
      const given = Buffer.from(typeof signature === 'string' ? signature : '')
      return given.length === wanted.length && timingSafeEqual(given, wanted)
    },
  }
}
