/** How a process of ours ends: in order on a signal, and with words a person can act on when it cannot start. */
import type { Logger } from 'pino'

/** The guarantee is 10 seconds; what has not ended by then is left behind. */
const STOP_WITHIN_MS = 9_000

export function stopOnSignals(stop: () => Promise<void>, log: Logger): void {
  let stopping = false
  const onSignal = (): void => {
    if (stopping) return
    stopping = true
    setTimeout(() => {
      log.error('Stopping took too long')
      process.exit(1)
    }, STOP_WITHIN_MS).unref()
    stop()
      .then(() => process.exit(0))
      .catch((error: unknown) => {
        log.error({ err: error }, 'Stopping failed')
        process.exit(1)
      })
  }
  process.on('SIGTERM', onSignal)
  process.on('SIGINT', onSignal)
  // Whoever forked us is gone, without a word.
  process.on('disconnect', onSignal)
}

/** Tells people, and whoever forked us, that we are ready. */
export function announce(line: string): void {
  process.stdout.write(`${line}\n`)
  process.send?.('ready')
}

/** @param listens what the settings of the address begin with: `${listens}HOST`, `${listens}PORT` */
export async function exitOnFailure(main: () => Promise<void>, listens = ''): Promise<void> {
  try {
    await main()
  } catch (error) {
    process.stderr.write(`${explain(error, listens)}\n`)
    process.exit(1)
  }
}

/** Expected failures have names and say what to do; anything else shows where it came from. */
const EXPECTED = new Set(['ConfigError', 'DatabaseError', 'DatabaseVersionError', 'StorageUnavailableError'])

function explain(error: unknown, listens: string): string {
  if (!(error instanceof Error)) return String(error)
  const { code, address, port } = error as NodeJS.ErrnoException & { address?: string; port?: number }
  const place = `${address ?? ''}:${String(port ?? '')}`
  if (code === 'EADDRINUSE') {
    return `Something else listens on ${place} already. Stop it, or set ${listens}PORT to another port (${listens}PORT=0 picks a free one).`
  }
  if (code === 'EACCES' && port !== undefined) {
    return `Graft may not listen on ${place}. Set ${listens}PORT to a port above 1023.`
  }
  if (code === 'EADDRNOTAVAIL') return `This machine has no address ${place}. Set ${listens}HOST to one of its own.`
  return EXPECTED.has(error.name) ? error.message : (error.stack ?? error.message)
}
