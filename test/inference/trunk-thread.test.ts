import type { Worker } from 'node:worker_threads'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createClassifier, type Classifier, type ServedTrunk } from '../../src/inference/classifier.js'
import { seeingTrunkGraph } from '../../src/inference/sessions.js'
import { openTrunkThread } from '../../src/inference/trunk-thread.js'
import { randomTrunk } from '../../src/network/random.trunk.js'

const SIZE = 224
const weights = randomTrunk()
const blank = (): Float32Array => new Float32Array(3 * SIZE * SIZE)

describe("A trunk's thread", () => {
  let classifier: Classifier
  const threads: Worker[] = []
  const remember = (worker: Worker): void => void threads.push(worker)
  const trunk: ServedTrunk = { trunkKey: 'trunk', loadTrunk: () => Promise.resolve({ weights, calibration: null }) }
  const features = (picture: Float32Array): Promise<Float32Array> =>
    classifier.features(trunk, () => Promise.resolve(picture))

  beforeAll(() => {
    process.on('worker', remember)
    classifier = createClassifier()
  })
  afterAll(async () => {
    process.off('worker', remember)
    await classifier.close()
  })

  it('refuses a picture that was handed over already, and nobody else', async () => {
    const picture = blank()
    expect(await features(picture)).toHaveLength(2048)
    const [again, other] = await Promise.allSettled([features(picture), features(blank())])
    expect(again).toMatchObject({
      status: 'rejected',
      reason: { message: expect.stringContaining('handed over') as string },
    })
    expect(other.status).toBe('fulfilled')
  })

  it('that dies tells all who wait for it, and the next one who asks gets another', async () => {
    const waiting = Array.from({ length: 40 }, () => features(blank()))
    const told = Promise.allSettled(waiting)
    await waiting[0]
    await threads.at(-1)?.terminate()
    const failures = (await told).filter((each) => each.status === 'rejected')
    expect(failures.length).toBeGreaterThan(0)
    for (const { reason } of failures) expect(reason).toMatchObject({ message: "The trunk's thread has ended." })
    expect(await features(blank())).toHaveLength(2048)
    expect(threads).toHaveLength(2)
  })

  it('that was released answers no more, and says so', async () => {
    const thread = await openTrunkThread(seeingTrunkGraph(weights, null))
    await thread.release()
    await expect(thread.see(blank())).rejects.toThrow('has ended')
  })
})
