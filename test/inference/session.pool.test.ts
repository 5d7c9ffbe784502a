import { expect, it } from 'vitest'
import { createPool, type Pool } from '../../src/inference/session.pool.js'

interface Watched {
  pool: Pool<string>
  loaded: string[]
  released: string[]
  /** Uses `key` for as long as `work` takes. */
  use: (key: string, work?: () => Promise<unknown>) => Promise<unknown>
}

function watchedPool(capacity: number): Watched {
  const loaded: string[] = []
  const released: string[] = []
  const pool = createPool<string>(capacity, (value) => {
    released.push(value)
    return Promise.resolve()
  })
  const use = (key: string, work: () => Promise<unknown> = () => Promise.resolve()): Promise<unknown> =>
    pool.use(
      key,
      () => {
        loaded.push(key)
        return Promise.resolve(key)
      },
      work,
    )
  return { pool, loaded, released, use }
}

it('A pool loads once for all who ask at the same time', async () => {
  const { use, loaded } = watchedPool(2)
  await Promise.all([use('a'), use('a'), use('a')])
  await use('a')
  expect(loaded).toEqual(['a'])
})

it('A pool lets go of what was used least recently', async () => {
  const { use, loaded, released } = watchedPool(2)
  for (const key of ['a', 'b', 'a', 'c', 'a', 'b']) await use(key)
  expect(released).toEqual(['b', 'c'])
  expect(loaded).toEqual(['a', 'b', 'c', 'b'])
})

it('A pool never lets go of what is in use, and catches up afterwards', async () => {
  const { use, released } = watchedPool(1)
  await use('a', async () => {
    await use('b', () => use('c'))
    expect(released).not.toContain('a')
  })
  expect(released.toSorted()).toEqual(['b', 'c'])
})

it('A pool forgets a load that failed', async () => {
  const { pool, use, loaded } = watchedPool(2)
  const failing = (): Promise<unknown> =>
    pool.use(
      'a',
      () => Promise.reject(new Error('gone')),
      () => Promise.resolve(),
    )
  const both = await Promise.allSettled([failing(), failing()])
  expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  await use('a')
  expect(loaded).toEqual(['a'])
})

it('A pool that is closed lets go of everything, of what is in use when that is done', async () => {
  const { pool, use, released } = watchedPool(5)
  await use('a')
  await use('b', async () => {
    await pool.close()
    expect(released).toEqual(['a'])
  })
  expect(released).toEqual(['a', 'b'])
})
