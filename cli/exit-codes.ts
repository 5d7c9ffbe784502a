/** How a command ended, for scripts. Documented in docs/command-line.md. */
import { ConnectionError, RefusedError, RequestError } from '../client/errors.js'

export const EXIT = {
  ok: 0,
  /** What was asked for was refused, or the run failed. */
  failed: 1,
  /** The command was not understood. */
  usage: 2,
  /** The server cannot be reached, or does not answer. */
  unreachable: 3,
  /** The token is missing, unknown, or may not do that. */
  forbidden: 4,
} as const

/** Something to tell the user, without where in the program it came from. */
export class CommandError extends Error {
  override readonly name = 'CommandError'
}

export function exitCodeOf(error: unknown): number {
  if (error instanceof ConnectionError) return EXIT.unreachable
  if (error instanceof RequestError && (error.code === 'UNAUTHENTICATED' || error.code === 'FORBIDDEN'))
    return EXIT.forbidden
  return EXIT.failed
}

export function explanationOf(error: unknown): string {
  if (error instanceof ConnectionError) return `${error.message}. Is the server running? GRAFT_URL says where it is.`
  if (error instanceof RequestError && error.code === 'UNAUTHENTICATED')
    return `${error.message} GRAFT_TOKEN or --token says which.`
  if (error instanceof RequestError || error instanceof RefusedError || error instanceof CommandError)
    return error.message
  if (!(error instanceof Error)) return String(error)
  // What the system refuses (no such file, no space) is no fault of the program.
  return 'syscall' in error ? error.message : (error.stack ?? error.message)
}
