/** What was claimed (a run, a job, a portion) was taken away, has ended or is deleted: its holder stops and writes nothing. */
export class ClaimLostError extends Error {
  override readonly name = 'ClaimLostError'

  /** @param what e.g. `run 5b1f…` */
  constructor(what: string) {
    super(`The ${what} is no longer ours.`)
  }
}
