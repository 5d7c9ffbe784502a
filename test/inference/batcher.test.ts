import { setTimeout } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { createAdmission, OverloadedError } from '../../src/inference/admission.js'
import { createBatcher } from '../../src/inference/batcher.js'
import { createLimiter } from '../../src/inference/limiter.js'

function watchedBatcher(most: number, run?: (items: readonly number[]) => Promise<readonly number[]>) {
  const batches: number[][] = []
  const batcher = createBatcher<number, number>({
    most,
    limit: createLimiter(1),
    run: async (items) => {
      batches.push([...items])
      await setTimeout(5)
      return run ? run(items) : items.map((item) => 10 * item)
    },
  })
  return { batcher, batches }
}

describe('A batcher', () => {
  it('runs what comes at a time together, and what comes meanwhile next', async () => {
    const { batcher, batches } = watchedBatcher(10)
    const first = Promise.all([batcher.add(1), batcher.add(2)])
    await setTimeout(2)
    const second = Promise.all([batcher.add(3), batcher.add(4), batcher.add(5)])
    expect(await first).toEqual([10, 20])
    expect(await second).toEqual([30, 40, 50])
    expect(batches).toEqual([
      [1, 2],
      [3, 4, 5],
    ])
  })

  it('takes no more than it may, in order', async () => {
    const { batcher, batches } = watchedBatcher(2)
    expect(await Promise.all([1, 2, 3, 4, 5].map((item) => batcher.add(item)))).toEqual([10, 20, 30, 40, 50])
    expect(batches).toEqual([[1, 2], [3, 4], [5]])
  })

  it('tells all of a batch that failed, and goes on with the next', async () => {
    const { batcher } = watchedBatcher(2, (items) =>
      items.includes(1) ? Promise.reject(new Error('no')) : Promise.resolve(items),
    )
    const results = await Promise.allSettled([1, 2, 3].map((item) => batcher.add(item)))
    expect(results.map((result) => result.status)).toEqual(['rejected', 'rejected', 'fulfilled'])
  })
})

describe('An admission', () => {
  it('refuses at once who comes when it is full, and lets in again when somebody has left', async () => {
    const admission = createAdmission(2)
    let leave = (): void => undefined
    const inside = [1, 2].map(() => admission.admit(1, () => new Promise<void>((resolve) => (leave = resolve))))
    const refused: unknown = await admission.admit(1, () => Promise.resolve()).catch((error: unknown) => error)
    expect(refused).toBeInstanceOf(OverloadedError)
    expect(refused).toMatchObject({ retryAfterSeconds: 1 })
    leave()
    await inside[1]
    expect(await admission.admit(1, () => Promise.resolve('in'))).toBe('in')
  })

  it('lets a great request in where there is room for one, and then nobody', async () => {
    const admission = createAdmission(2)
    let leave = (): void => undefined
    const great = admission.admit(64, () => new Promise<void>((resolve) => (leave = resolve)))
    await expect(admission.admit(1, () => Promise.resolve())).rejects.toThrow(OverloadedError)
    leave()
    await great
    expect(await admission.admit(1, () => Promise.resolve('in'))).toBe('in')
  })

  it('counts out who failed', async () => {
    const admission = createAdmission(1)
    await expect(admission.admit(1, () => Promise.reject(new Error('no')))).rejects.toThrow('no')
    expect(await admission.admit(1, () => Promise.resolve('in'))).toBe('in')
  })
})
