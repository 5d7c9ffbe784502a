/** What a run's owner is told about whatever was thrown. */
import { RunError, type RunFailure } from '../domain/failure.js'
import type { Hyperparameters } from '../domain/hyperparameters.js'
import { BlobLostError, StorageError, StorageFullError } from '../storage/storage.errors.js'

/**
 * TensorFlow, ONNX Runtime and V8 each say it in their own words. On a GPU also cuBLAS and cuDNN, whose handles found no
 * room, and copies to the device, whose target could not be allocated. On WebGPU a tensor may also have more entries than
 * a program can be handed out for.
 */
const OUT_OF_MEMORY =
  /out of memory|\bOOM\b|bad_alloc|allocation failed|_ALLOC_FAILED|failed to allocate|memory allocation|Dst tensor is not initialized|dispatch size exceeds/i

export function failureOf(error: unknown, hyperparameters: Hyperparameters): RunFailure {
  if (error instanceof RunError) return error.failure
  const message = error instanceof Error ? error.message : String(error)
  if (error instanceof StorageFullError) {
    return failure(
      'STORAGE_FULL',
      message,
      'Make room in storage, or lower GRAFT_FEATURE_CACHE_BYTES, then start the run again.',
    )
  }
  if (error instanceof BlobLostError) {
    return failure('DATASET_UNAVAILABLE', message, 'Restore the blob in storage, or train on a new dataset version.')
  }
  if (error instanceof StorageError) {
    return failure('DATASET_UNAVAILABLE', message, 'Make storage reachable again, then start the run again.')
  }
  if (OUT_OF_MEMORY.test(message)) return outOfMemory(message, hyperparameters)
  return { code: 'INTERNAL', message: "Computing failed; the trainer's log has the details.", suggestion: null }
}

function failure(code: RunFailure['code'], message: string, text: string): RunFailure {
  return { code, message, suggestion: { text, changes: [] } }
}

function outOfMemory(message: string, { batchSize }: Hyperparameters): RunFailure {
  const half = String(Math.max(1, Math.floor(batchSize / 2)))
  return {
    code: 'OUT_OF_MEMORY',
    message,
    suggestion: {
      text: `Start the run again with batchSize ${half}, or on a machine with more memory.`,
      changes: [{ name: 'batchSize', value: half }],
    },
  }
}
