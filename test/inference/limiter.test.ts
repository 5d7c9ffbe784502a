import { expect, it } from 'vitest'
import { createLimiter } from '../../src/inference/limiter.js'

it('A limiter runs so many at a time and no more, in the order asked, whatever fails', async () => {
  const limit = createLimiter(2)
  const begun: number[] = []
  let running = 0
  let most = 0
  const work = Array.from({ length: 6 }, (_, i) =>
    limit(async () => {
      begun.push(i)
      most = Math.max(most, ++running)
      await new Promise((resolve) => setTimeout(resolve, 2))
      running--
      if (i === 1) throw new Error('fails')
    }),
  )
  const results = await Promise.allSettled(work)
  expect(results.filter(({ status }) => status === 'rejected')).toHaveLength(1)
  expect(begun).toEqual([0, 1, 2, 3, 4, 5])
  expect(most).toBe(2)
})
