/** Uploads as @tus/server sees them: it speaks the protocol, the receiver takes the bytes. */
import type { Readable } from 'node:stream'
import { DataStore, ERRORS, Upload as TusUpload } from '@tus/server'
import type { Upload } from '../database/generated/client.js'
import type { BlobStore } from '../storage/blob-store.js'
import { receive } from './upload.receiver.js'
import type { UploadRepository } from './upload.repository.js'
import { sha256Of } from '../domain/digest.js'

/** One of the protocol's own refusals, with the fields that @tus/server answers from. */
export class TusError extends Error {
  override readonly name = 'TusError'
  readonly status_code: number
  readonly body: string

  constructor(refusal: { status_code: number; body: string }) {
    super(refusal.body)
    this.status_code = refusal.status_code
    this.body = refusal.body
  }
}

export class TusStore extends DataStore {
  override extensions = ['expiration']

  constructor(private readonly rooms: { uploads: UploadRepository; storage: BlobStore }) {
    super()
  }

  override async getUpload(token: string): Promise<TusUpload> {
    const row = await this.#row(token)
    return new TusUpload({ id: token, size: Number(row.byteSize), offset: Number(row.received) })
  }

  override async write(bytes: Readable, token: string, offset: number): Promise<number> {
    const row = await this.#row(token)
    if (Number(row.received) !== offset) throw new TusError(ERRORS.INVALID_OFFSET)
    return receive(this.rooms, row, bytes)
  }

  async #row(token: string): Promise<Upload> {
    const row = await this.rooms.uploads.byToken(sha256Of(token))
    if (row === null) throw new TusError(ERRORS.FILE_NOT_FOUND)
    if (row.expiresAt <= new Date()) throw new TusError(ERRORS.FILE_NO_LONGER_EXISTS)
    return row
  }
}
