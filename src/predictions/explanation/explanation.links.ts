/** Addresses of heat maps: `/explanations/image/ID/CHECKPOINT/CLASS.png`, by the rows' ids and the class's place. */
import type { LinkSigner } from '../../graphql/link.signer.js'
import type { PictureOwner } from '../known-pictures.js'

/** All that a heat map is a function of. */
export interface HeatMapSubject {
  readonly owner: PictureOwner
  readonly checkpointId: string
  readonly classIndex: number
}

export interface ExplanationLinks {
  urlOf(subject: HeatMapSubject): string
  isSigned(subject: HeatMapSubject, signature: unknown): boolean
}

/** @param baseUrl the server's address, known once it listens */
export function createExplanationLinks(signer: LinkSigner, baseUrl: () => string): ExplanationLinks {
  return {
    urlOf(subject) {
      const path = pathOf(subject)
      const query = new URLSearchParams(signer.signatureOf(path)).toString()
      return `${baseUrl()}${path}${query === '' ? '' : `?${query}`}`
    },
    isSigned: (subject, signature) => signer.isSigned(pathOf(subject), signature),
  }
}

function pathOf({ owner, checkpointId, classIndex }: HeatMapSubject): string {
  return `/explanations/${owner.kind}/${owner.id}/${checkpointId}/${String(classIndex)}.png`
}
