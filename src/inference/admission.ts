/** Who may come in: past a bound it is kinder to refuse at once than to answer late. */

export class OverloadedError extends Error {
  override readonly name = 'OverloadedError'

  constructor(readonly retryAfterSeconds: number) {
    super('As many pictures as this server takes are waiting to be classified.')
  }
}

export interface Admission {
  /**
   * Runs work on so many pictures. Let in while fewer than the bound are inside, so that a great request comes in too.
   * @throws OverloadedError at once
   */
  admit<Result>(pictures: number, work: () => Promise<Result>): Promise<Result>
}

/** The newest spacing of answers counts so much for how long one takes. */
const NEWEST = 0.1

/** @param bound pictures */
export function createAdmission(bound: number): Admission {
  let inside = 0
  let secondsEach = 0
  let answeredAt = 0
  const answered = (pictures: number): void => {
    const seconds = (performance.now() - answeredAt) / 1000 / pictures
    secondsEach += NEWEST * (seconds - secondsEach)
    answeredAt = performance.now()
  }
  return {
    admit: async (pictures, work) => {
      if (inside >= bound) throw new OverloadedError(Math.max(1, Math.ceil(inside * secondsEach)))
      if (inside === 0) answeredAt = performance.now()
      inside += pictures
      try {
        return await work()
      } finally {
        inside -= pictures
        answered(pictures)
      }
    },
  }
}
