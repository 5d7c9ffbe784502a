import { expect, it } from 'vitest'
import type { EvaluationTools } from '../../src/compute/evaluation-task.js'
import { inspectTask } from '../../src/compute/inspection-task.js'
import type { InspectionTask } from '../../src/compute/messages.js'
import { StorageUnavailableError } from '../../src/storage/storage.errors.js'

it('takes a storage out of reach for that, and not for pictures that cannot be read', async () => {
  const outage = new StorageUnavailableError('Start it.', undefined)
  const tools = {
    link: { say: () => undefined, work: () => undefined },
    storage: { read: () => Promise.reject(outage) },
    images: { probe: () => Promise.reject(new Error('There are no bytes.')) },
  } as unknown as EvaluationTools
  const task: InspectionTask = {
    ...{ trunkSha256: null, trunkPrecision: 'fp32' as const, imageSize: 96, featureKey: null, classCount: 1 },
    pictures: [{ sha256: 'ab'.repeat(32), label: 0, hash: null }],
  }
  await expect(inspectTask(task, tools)).rejects.toBe(outage)
})
