/** Addresses of what can be downloaded of an evaluation: `/evaluations/ID/report.csv` and its kind. */
import type { LinkSigner } from '../../graphql/link.signer.js'

export const DOWNLOAD_CONTENTS = ['REPORT', 'OUTCOMES'] as const
export const DOWNLOAD_FORMATS = ['CSV', 'JSON'] as const
export type DownloadContent = (typeof DOWNLOAD_CONTENTS)[number]
export type DownloadFormat = (typeof DOWNLOAD_FORMATS)[number]

export interface Download {
  readonly content: DownloadContent
  readonly format: DownloadFormat
}

export interface DownloadLinks {
  /** @param evaluationId the row's */
  urlOf(evaluationId: string, download: Download): string
  isSigned(evaluationId: string, download: Download, signature: unknown): boolean
}

/** @param baseUrl the server's address, known once it listens */
export function createDownloadLinks(signer: LinkSigner, baseUrl: () => string): DownloadLinks {
  const nameOf = (id: string, download: Download): string => `evaluation ${id} ${fileOf(download)}`
  return {
    urlOf(id, download) {
      const query = new URLSearchParams(signer.signatureOf(nameOf(id, download))).toString()
      return `${baseUrl()}/evaluations/${id}/${fileOf(download)}${query === '' ? '' : `?${query}`}`
    },
    isSigned: (id, download, signature) => signer.isSigned(nameOf(id, download), signature),
  }
}

export function fileOf({ content, format }: Download): string {
  return `${content}.${format}`.toLowerCase()
}

/** What a file's name stands for; undefined for any other name. */
export function downloadOf(file: string): Download | undefined {
  const all = DOWNLOAD_CONTENTS.flatMap((content) => DOWNLOAD_FORMATS.map((format) => ({ content, format })))
  return all.find((download) => fileOf(download) === file)
}
