import type { Interruption } from '../cli/interruption.js'

/** Waits for work that ends in order when it is interrupted, and then ends the process as shells expect it. */
export async function interruptible(work: Promise<void>, { signal, exitCode }: Interruption): Promise<void> {
  await work.catch((error: unknown) => {
    if (!signal.aborted) throw error
    process.exit(exitCode())
  })
}
