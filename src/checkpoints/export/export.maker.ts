/** Makes exports beside the event loop, and puts them into storage. */
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { projectFile } from '../../config/project-root.js'
import type { ExportFormat } from '../../domain/export-format.js'
import type { PrecisionChoice } from '../../domain/precision.js'
import { TrunkUnavailableError } from '../../runs/stored-trunk.js'
import type { BlobStore, StoredBlob } from '../../storage/blob-store.js'
import { BlobCorruptError, BlobMissingError } from '../../storage/storage.errors.js'

/** Bytes as they were read: whether they are those of the name is for the worker to find out. */
interface NamedBytes {
  readonly sha256: string
  readonly bytes: Uint8Array<ArrayBuffer>
}

export interface ExportTask {
  readonly trunk: NamedBytes
  readonly trunkPrecision: PrecisionChoice
  readonly checkpoint: NamedBytes
  readonly format: ExportFormat
}

/** The file, or the blob that is damaged. */
export type ExportAnswer = { readonly file: Uint8Array } | { readonly damaged: string }

export interface ExportSource {
  readonly trunkSha256: string
  /** That the checkpoint learnt with. */
  readonly trunkPrecision: PrecisionChoice
  readonly checkpointSha256: string
  readonly format: ExportFormat
}

/** Hashed and written between other work. */
const PART_BYTES = 1 << 20

/** @throws TrunkUnavailableError, StorageError */
export async function makeExport(storage: BlobStore, source: ExportSource): Promise<StoredBlob> {
  const { trunkSha256, checkpointSha256, ...how } = source
  const trunk = await readNamed(storage, trunkSha256)
  const answer = await runWorker({ ...how, trunk, checkpoint: await readNamed(storage, checkpointSha256) })
  if ('damaged' in answer) throw new TrunkUnavailableError(new BlobCorruptError(answer.damaged).message)
  return storage.put(partsOf(answer.file))
}

async function runWorker(task: ExportTask): Promise<ExportAnswer> {
  const worker = new Worker(projectFile('dist', 'src', 'checkpoints', 'export', 'export.worker.js'), {
    workerData: task,
    transferList: [task.trunk.bytes.buffer, task.checkpoint.bytes.buffer],
  })
  // An uncaught error in the worker rejects this.
  const [answer] = (await once(worker, 'message')) as [ExportAnswer]
  return answer
}

async function readNamed(storage: BlobStore, sha256: string): Promise<NamedBytes> {
  const facts = await storage.stat(sha256)
  if (facts === null) throw new TrunkUnavailableError(new BlobMissingError(sha256).message)
  const bytes = new Uint8Array(facts.byteSize)
  let at = 0
  for await (const part of storage.stream(sha256) as AsyncIterable<Uint8Array>) {
    bytes.set(part, at)
    at += part.length
  }
  return { sha256, bytes }
}

async function* partsOf(file: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < file.length; at += PART_BYTES) yield Promise.resolve(file.subarray(at, at + PART_BYTES))
}
