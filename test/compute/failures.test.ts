import { existsSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { failureOf } from '../../src/compute/failures.js'
import { parseHyperparameters, type Hyperparameters } from '../../src/domain/hyperparameters.js'
import { startEngine } from '../../src/engine/engine.js'
import { bindingPath } from '../../src/engine/native/binding.js'

function hyperparameters(): Hyperparameters {
  const parsed = parseHyperparameters({ batchSize: 32 })
  if ('issues' in parsed) throw new Error(JSON.stringify(parsed.issues))
  return parsed.value
}

const outOfMemory = {
  code: 'OUT_OF_MEMORY',
  suggestion: { changes: [{ name: 'batchSize', value: '16' }] },
}

describe('Memory that runs out', () => {
  it.each([
    'Invalid TF_Status: 8\nMessage: OOM when allocating tensor with shape[64,64,3,3] and type float on ' +
      '/job:localhost/replica:0/task:0/device:GPU:0 by allocator GPU_0_bfc',
    'failed to allocate 32.00M (33554432 bytes) from device: CUDA_ERROR_OUT_OF_MEMORY: out of memory',
    'failed to create cublas handle: CUBLAS_STATUS_ALLOC_FAILED',
    'Could not create cudnn handle: CUDNN_STATUS_ALLOC_FAILED',
    'Invalid TF_Status: 13\nMessage: Dst tensor is not initialized.',
    'The GPU is out of memory: vkAllocateMemory failed with VK_ERROR_OUT_OF_DEVICE_MEMORY',
    'Dispatch size exceeds WebGPU limits in Y or Z dimension.',
  ])('is told from what a GPU says: %s', (message) => {
    expect(failureOf(new Error(message), hyperparameters())).toMatchObject(outOfMemory)
  })

  it.skipIf(!existsSync(bindingPath()))(
    'is told from what TensorFlow throws',
    async () => {
      const engine = await startEngine('tensorflow')
      const { tf } = engine
      // 400 TB: more than a process can address.
      const allocate = (): unknown => tf.tidy(() => tf.add(tf.zeros([1e7, 1]), tf.zeros([1, 1e7])))
      try {
        expect(thrown(allocate)).toMatchObject(outOfMemory)
      } finally {
        engine.dispose()
      }
      // It waits ten seconds for memory to come free.
    },
    60_000,
  )

  it('is not seen in other failures of a GPU', () => {
    const other = new Error('Invalid TF_Status: 13\nMessage: CUDA_ERROR_ILLEGAL_ADDRESS: an illegal memory access')
    expect(failureOf(other, hyperparameters())).toMatchObject({ code: 'INTERNAL' })
  })
})

function thrown(action: () => unknown): ReturnType<typeof failureOf> | null {
  try {
    action()
    return null
  } catch (error) {
    return failureOf(error, hyperparameters())
  }
}
