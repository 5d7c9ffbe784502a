import { expect, it } from 'vitest'
import { createPool, type Pool, type Pooled } from '../../src/inference/session.pool.js'

interface Watched {
  pool: Pool
  loaded: string[]
  released: string[]
  /** Uses `key` for as long as `work` takes. */
  use: (key: string, work?: () => Promise<unknown>) => Promise<unknown>
}

/** Of values of one byte, but for those that are named by their size. */
function watchedPool(budgetBytes: number): Watched {
  const loaded: string[] = []
  const released: string[] = []
  const pool = createPool(budgetBytes)
  const load = (key: string): Promise<Pooled> => {
    loaded.push(key)
    const release = (): Promise<void> => Promise.resolve(void released.push(key))
    return Promise.resolve({ bytes: Number(/\d+/.exec(key)?.[0] ?? 1), release })
  }
  const use = (key: string, work: () => Promise<unknown> = () => Promise.resolve()): Promise<unknown> =>
    pool.use(key, () => load(key), work)
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

it('A pool counts bytes: many small values stay where one great one does not', async () => {
  const { use, released } = watchedPool(10)
  for (const key of ['a', 'b', 'c', 'd']) await use(key)
  expect(released).toEqual([])
  await use('8')
  expect(released).toEqual(['a', 'b'])
  await use('20')
  expect(released).toEqual(['a', 'b', 'c', 'd', '8', '20'])
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
      () => Promise.reject<Pooled>(new Error('gone')),
      () => Promise.resolve(),
    )
  const both = await Promise.allSettled([failing(), failing()])
  expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  await use('a')
  expect(loaded).toEqual(['a'])
})

it('A pool lets go of everything when it is closed, of what is in use when it is done', async () => {
  const { pool, use, released } = watchedPool(2)
  await use('a')
  let finish = (): void => undefined
  const using = use('b', () => new Promise<void>((resolve) => (finish = resolve)))
  await pool.close()
  expect(released).toEqual(['a'])
  finish()
  await using
  expect(released).toEqual(['a', 'b'])
})

it('A pool loads another for what has ended by itself, and lets go of that only', async () => {
  const pool = createPool(2)
  const ends: (() => void)[] = []
  const released: number[] = []
  const load = (): Promise<Pooled> => {
    const number = ends.length
    const ended = new Promise<void>((resolve) => ends.push(resolve))
    return Promise.resolve({ bytes: 1, ended, release: () => Promise.resolve(void released.push(number)) })
  }
  const use = (): Promise<void> => pool.use('a', load, () => Promise.resolve())
  await use()
  ends[0]?.()
  await use()
  await use()
  expect(ends).toHaveLength(2)
  await pool.close()
  expect(released).toEqual([1])
})
