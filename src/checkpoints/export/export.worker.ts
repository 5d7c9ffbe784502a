/** Makes one export in a thread of its own: folding and copying 100 MB would keep the server from answering. */
import { parentPort, workerData } from 'node:worker_threads'
import { readSafetensors } from '../../network/safetensors.js'
import { readCheckpoint } from '../../training/checkpoint-file.js'
import { exportFile } from './export.file.js'
import type { ExportAnswer, ExportTask } from './export.maker.js'
import { sha256Of } from '../../domain/digest.js'

const { trunk, trunkPrecision, checkpoint, format } = workerData as ExportTask
const damaged = [trunk, checkpoint].find(isDamaged)
if (damaged === undefined) {
  const file = exportFile(
    { trunk: readSafetensors(trunk.bytes), trunkPrecision },
    readCheckpoint(checkpoint.bytes),
    format,
  )
  // Handed over, not copied.
  send({ file }, file.buffer instanceof ArrayBuffer ? [file.buffer] : [])
} else {
  send({ damaged: damaged.sha256 })
}

function send(answer: ExportAnswer, transferred: ArrayBuffer[] = []): void {
  parentPort?.postMessage(answer, transferred)
}

function isDamaged({ bytes, sha256 }: ExportTask['trunk']): boolean {
  return sha256Of(bytes) !== sha256
}
