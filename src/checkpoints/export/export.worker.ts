/** Makes one export in a thread of its own: folding and copying 100 MB would keep the server from answering. */
import { createHash } from 'node:crypto'
import { parentPort, workerData } from 'node:worker_threads'
import { readSafetensors } from '../../network/safetensors.js'
import { readCheckpoint } from '../../training/checkpoint-file.js'
import { exportFile } from './export.file.js'
import type { ExportAnswer, ExportTask } from './export.maker.js'

const { trunk, checkpoint, format } = workerData as ExportTask
const file = isDamaged(trunk) ? null : exportFile(readSafetensors(trunk.bytes), readWhole(), format)
const answer: ExportAnswer = { file }
// Handed over, not copied.
parentPort?.postMessage(answer, file?.buffer instanceof ArrayBuffer ? [file.buffer] : [])

function isDamaged({ bytes, sha256 }: ExportTask['trunk']): boolean {
  return createHash('sha256').update(bytes).digest('hex') !== sha256
}

function readWhole(): ReturnType<typeof readCheckpoint> {
  if (isDamaged(checkpoint)) throw new Error(`The checkpoint's file ${checkpoint.sha256} is damaged.`)
  return readCheckpoint(checkpoint.bytes)
}
