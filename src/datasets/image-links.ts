/** Addresses of pictures. */
import type { LinkSigner } from '../graphql/link.signer.js'

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
export function createImageLinks(signer: LinkSigner, baseUrl: () => string): ImageLinks {
  const nameOf = (id: string, size: number | undefined): string => `image ${id} ${String(size ?? 'original')}`
  return {
    urlOf(id, size) {
      const query = new URLSearchParams({
        ...(size === undefined ? {} : { size: String(size) }),
        ...signer.signatureOf(nameOf(id, size)),
      }).toString()
      return `${baseUrl()}/images/${id}${query === '' ? '' : `?${query}`}`
    },
    isSigned: (id, size, signature) => signer.isSigned(nameOf(id, size), signature),
  }
}
