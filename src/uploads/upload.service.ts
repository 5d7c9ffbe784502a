/** Addresses to send files to, and the files once they are there. */
import { randomBytes } from 'node:crypto'
import type { Upload } from '../database/generated/client.js'
import { sha256Of } from '../domain/digest.js'
import { nameIssues } from '../domain/names.js'
import { invalidInput, notFound, type RefusalOf } from '../domain/refusals.js'
import { uuidOf } from '../graphql/ids.js'
import type { UploadRepository } from './upload.repository.js'

export interface NewUpload {
  readonly fileName: string
  readonly byteSize: number
}

interface Rooms {
  readonly uploads: UploadRepository
  /** The server's address, without a slash at its end; known once it listens. */
  readonly baseUrl: () => string
  readonly maxUploadBytes: number
}

/** From the making of the address until bytes and rows are swept. */
const LIFETIME_MS = 24 * 3600 * 1000
const TOKEN_BYTES = 32

export class UploadService {
  constructor(private readonly rooms: Rooms) {}

  async create(input: NewUpload): Promise<{ row: Upload; url: string } | RefusalOf<'InvalidInput'>> {
    const { uploads, baseUrl, maxUploadBytes } = this.rooms
    const { fileName, byteSize } = input
    const issues = nameIssues(['fileName'], fileName)
    if (byteSize < 1 || byteSize > maxUploadBytes) {
      const message = `A file has 1 to ${String(maxUploadBytes)} bytes (GRAFT_MAX_UPLOAD_BYTES), not ${String(byteSize)}.`
      issues.push({ path: ['byteSize'], message })
    }
    if (issues.length > 0) return invalidInput(issues)
    const token = randomBytes(TOKEN_BYTES).toString('base64url')
    const expiresAt = new Date(Date.now() + LIFETIME_MS)
    const row = await uploads.create({ tokenSha256: sha256Of(token), fileName, byteSize, expiresAt })
    return { row, url: `${baseUrl()}/uploads/${token}` }
  }

  /**
   * A file that is there whole.
   * @param path where the id stands in the input
   */
  async complete(uploadId: string, path: readonly string[]): Promise<Upload | RefusalOf<'NotFound' | 'InvalidInput'>> {
    const id = uuidOf(uploadId, 'Upload')
    const row = id === undefined ? null : await this.rooms.uploads.find(id)
    if (row === null) return notFound('upload', uploadId)
    if (row.completedAt !== null) return row
    const message = `Only ${String(row.received)} of its ${String(row.byteSize)} bytes have been sent yet.`
    return invalidInput([{ path: [...path], message }])
  }
}
