import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import { z } from 'zod'
import { Prisma } from '../database/generated/client.js'
import { isDatabaseOutOfReach } from '../database/out-of-reach.js'
import { ClaimLostError } from '../domain/claim-lost.js'

const FIRST_WAIT_MS = 250
const LONGEST_WAIT_MS = 2000

/** Prisma's code for a conflict between transactions: the next try may meet none. */
const CONFLICT = 'P2034'
/** Postgres's classes of errors that come again however often one tries: data, constraints, syntax and names. */
const LASTING_STATE = /^(22|23|42)/

/**
 * Writes, however long the database is out of reach: a run must not fail because Postgres is restarted.
 * @throws what trying again does not mend, and anything once `signal` is aborted
 */
export async function persist<Result>(
  write: () => Promise<Result>,
  { signal, log }: { signal: AbortSignal; log: Logger },
): Promise<Result> {
  for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(2 * waitMs, LONGEST_WAIT_MS)) {
    try {
      return await write()
    } catch (error) {
      if (signal.aborted || isLasting(error)) throw error
      log.warn({ err: error }, 'The database did not take a write; it is tried again.')
      await sleep(waitMs, undefined, { signal })
    }
  }
}

function isLasting(error: unknown): boolean {
  if (isDatabaseOutOfReach(error)) return false
  if (error instanceof ClaimLostError) return true
  if (error instanceof Prisma.PrismaClientValidationError) return true
  if (error instanceof TypeError || error instanceof RangeError || error instanceof z.ZodError) return true
  if (!(error instanceof Prisma.PrismaClientKnownRequestError)) return false
  if (error.code === 'P2010') return LASTING_STATE.test(String(error.meta?.['code']))
  return error.code.startsWith('P2') && error.code !== CONFLICT
}
