/** From a checkpoint to an address at which its export can be fetched. */
import { randomBytes } from 'node:crypto'
import type { Export } from '../../database/generated/client.js'
import type { ExportFormat } from '../../domain/export-format.js'
import { notFound, type RefusalOf } from '../../domain/refusals.js'
import { uuidOf } from '../../graphql/ids.js'
import { createLimiter } from '../../inference/limiter.js'
import { checkpointTrunkUnavailable, TrunkUnavailableError } from '../../runs/stored-trunk.js'
import type { BlobStore, StoredBlob } from '../../storage/blob-store.js'
import { isWhole } from '../../storage/is-whole.js'
import { makeExport } from './export.maker.js'
import type { ExportRepository, ExportSubject } from './export.repository.js'
import { sweepExports } from './export.sweep.js'

export interface ExportRequest {
  readonly checkpointId: string
  readonly format: ExportFormat
}

interface Rooms {
  readonly exports: ExportRepository
  readonly storage: BlobStore
}

export const EXPORT_LIFETIME_MS = 60 * 60 * 1000
/** An export that the sweep may soon delete is not handed out again but made anew. */
const SPARE_MS = 5 * 60 * 1000
const TOKEN_BYTES = 32
const EXTENSIONS: Record<ExportFormat, string> = { SAFETENSORS: 'safetensors', ONNX: 'onnx' }

export class ExportService {
  /** One takes half a gigabyte for a second. */
  readonly #limit = createLimiter(1)

  constructor(private readonly rooms: Rooms) {}

  /** Each call gives an address of its own, good for an hour; the file behind it is made once. */
  async export(request: ExportRequest): Promise<Export | RefusalOf<'NotFound' | 'TrunkUnavailable'>> {
    const id = uuidOf(request.checkpointId, 'Checkpoint')
    const subject = id === undefined ? null : await this.rooms.exports.subject(id)
    if (subject === null) return notFound('checkpoint', request.checkpointId)
    try {
      const { sha256, byteSize } = await this.#limit(() => this.#file(subject, request.format))
      return await this.rooms.exports.create({
        token: randomBytes(TOKEN_BYTES).toString('base64url'),
        checkpointId: subject.checkpointId,
        format: request.format,
        fileName: `${fileStem(subject)}.${EXTENSIONS[request.format]}`,
        sha256,
        byteSize,
        expiresAt: new Date(Date.now() + EXPORT_LIFETIME_MS),
      })
    } catch (error) {
      if (error instanceof TrunkUnavailableError) return checkpointTrunkUnavailable(error.message)
      if ((await this.rooms.exports.subject(subject.checkpointId)) === null)
        return notFound('checkpoint', request.checkpointId)
      throw error
    }
  }

  async #file(subject: ExportSubject, format: ExportFormat): Promise<StoredBlob> {
    const { exports, storage } = this.rooms
    const known = await exports.lasting(subject.checkpointId, format, new Date(Date.now() + SPARE_MS))
    if (known !== null && (await isWhole(storage, known.sha256)))
      return { sha256: known.sha256, byteSize: Number(known.byteSize) }
    await sweepExports(this.rooms)
    return makeExport(storage, { ...subject, format })
  }
}

/** Letters that any file system and any header takes: `cats-and-dogs-epoch-7`. */
function fileStem({ runName, epoch }: ExportSubject): string {
  const name = runName
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')
    .slice(0, 80)
  return `${name === '' ? 'checkpoint' : name}-epoch-${String(epoch)}`
}
