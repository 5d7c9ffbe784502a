/** What whoever asked for an evaluation or an inspection is told about whatever was thrown. */
import { RunError, type RunFailure } from '../domain/failure.js'
import { WeightsError } from '../network/weights.js'
import { BlobLostError, StorageError, StorageFullError } from '../storage/storage.errors.js'

export function evaluationFailure(error: unknown, asked: 'evaluate' | 'inspect'): RunFailure {
  const failure = (code: RunFailure['code'], { message }: Error, remedy: string): RunFailure => {
    return { code, message, suggestion: { text: `${remedy}, then ${asked} again.`, changes: [] } }
  }
  if (error instanceof RunError) return error.failure
  if (error instanceof StorageFullError) return failure('STORAGE_FULL', error, 'Make room in storage')
  if (error instanceof BlobLostError) {
    return failure('DATASET_UNAVAILABLE', error, 'Restore the blob in storage')
  }
  if (error instanceof StorageError) return failure('DATASET_UNAVAILABLE', error, 'Make storage reachable again')
  if (error instanceof WeightsError) return failure('WEIGHTS_UNAVAILABLE', error, 'Restore the file in storage')
  return { code: 'INTERNAL', message: "Computing failed; the trainer's log has the details.", suggestion: null }
}
