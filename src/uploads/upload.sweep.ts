/** Uploads whose time is over, or that an import has taken in, are deleted: rows here, bytes when storage is swept. */
import type { Logger } from 'pino'
import type { UploadRepository } from './upload.repository.js'

const EVERY_MS = 10 * 60 * 1000

/** At once and every ten minutes; several servers may do it at a time. @returns what stops it */
export function startUploadSweep(uploads: UploadRepository, log: Logger): () => Promise<void> {
  let running = Promise.resolve()
  const sweep = (): void => {
    running = uploads.sweep().then(
      (count) => {
        if (count > 0) log.info({ count }, 'Uploads that expired or were consumed are deleted.')
      },
      (error: unknown) => log.warn({ err: error }, 'Old uploads could not be deleted; trying again in ten minutes'),
    )
  }
  sweep()
  const timer = setInterval(sweep, EVERY_MS)
  return () => {
    clearInterval(timer)
    return running
  }
}
