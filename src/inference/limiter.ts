/** Runs work in the order in which it came, at most `concurrency` at a time. */
export type Limiter = <Result>(work: () => Promise<Result>) => Promise<Result>

export function createLimiter(concurrency: number): Limiter {
  const waiting: (() => void)[] = []
  let free = concurrency
  return async (work) => {
    if (free > 0) free--
    else await new Promise<void>((resolve) => waiting.push(resolve))
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next === undefined) free++
      else next()
    }
  }
}
