import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createSilenceWatch, type SilenceWatch } from '../../src/supervisor/silence.watch.js'

const LEAST_S = 60

let watch: SilenceWatch
let hung: boolean
beforeEach(() => {
  vi.useFakeTimers()
  hung = false
  watch = createSilenceWatch({ leastMs: 1000 * LEAST_S, onHang: () => (hung = true) })
})
afterEach(() => {
  vi.useRealTimers()
})

/** @returns whether the child counted as hanging before it spoke */
async function silence(seconds: number): Promise<boolean> {
  hung = false
  let speak = (): void => undefined
  const wait = watch.during(new Promise<void>((resolve) => (speak = resolve)))
  await vi.advanceTimersByTimeAsync(1000 * seconds)
  speak()
  await wait
  return hung
}

it('takes a child for hanging that is silent for longer than the setting', async () => {
  expect(await silence(LEAST_S + 2)).toBe(true)
})

it('takes none for hanging that speaks in time', async () => {
  expect(await silence(LEAST_S - 2)).toBe(false)
})

it('gives a child whose steps are long ten times as long as its longest one', async () => {
  expect(await silence(20)).toBe(false)
  expect(await silence(195)).toBe(false)
  expect(await silence(2000)).toBe(true)
})

it('waits for a silence that was announced', async () => {
  watch.expect(3_600_000)
  expect(await silence(3500)).toBe(false)
})

it('does not count time in which it was itself asleep', async () => {
  hung = false
  let speak = (): void => undefined
  const wait = watch.during(new Promise<void>((resolve) => (speak = resolve)))
  await vi.advanceTimersByTimeAsync(5000)
  // A stopped process: its clock goes on, its timers do not.
  const now = performance.now()
  vi.spyOn(performance, 'now').mockImplementation(() => now + 3_600_000)
  await vi.advanceTimersByTimeAsync(2000)
  expect(hung).toBe(false)
  vi.restoreAllMocks()
  speak()
  await wait
})
