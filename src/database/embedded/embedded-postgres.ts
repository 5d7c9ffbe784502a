/** The Postgres that Graft brings along; docs/decisions/003-embedded-postgres.md says why. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import { canonicalDataDir } from './cluster-home.js'
import { withDataDirLock } from './data-dir.lock.js'
import { ensureServer, type Server } from './ensure-server.js'
import { stopPostmaster } from './postmaster.js'
import { enterPresence, type Presence } from './presence.js'

export interface EmbeddedPostgres {
  readonly url: string
  /** Leaves the server; stops it if no other Graft process uses it. */
  close(): Promise<{ stopped: boolean }>
}

interface Stay {
  server: Server
  presence: Presence
}

export async function openEmbeddedPostgres(options: { dataDir: string; log: Logger }): Promise<EmbeddedPostgres> {
  const dataDir = await canonicalDataDir(options.dataDir)
  const closing = new AbortController()
  const enter = (): Promise<Stay> =>
    withDataDirLock(dataDir, async () => {
      const server = await ensureServer(dataDir)
      return { server, presence: await enterPresence(server.url, onLost) }
    })
  let stay = enter()
  const onLost = (): void => {
    if (!closing.signal.aborted) stay = enterAgain(enter, { log: options.log, closing: closing.signal, last: stay })
  }
  const { url } = (await stay).server
  return {
    url,
    close: async () => {
      closing.abort()
      const last = await stay
      return withDataDirLock(dataDir, () => leave(last))
    },
  }
}

/** The server died, or was stopped by hand: whoever notices first starts it again, on the port that everybody knows. */
async function enterAgain(
  enter: () => Promise<Stay>,
  { log, closing, last }: { log: Logger; closing: AbortSignal; last: Promise<Stay> },
): Promise<Stay> {
  const before = await last
  for (let waitMs = 100; !closing.aborted; waitMs = Math.min(waitMs * 2, 5000)) {
    try {
      const stay = await enter()
      log.warn('The embedded Postgres had ended and runs again.')
      if (stay.server.url !== before.server.url) log.fatal('Its old port is taken now: please restart Graft.')
      return stay
    } catch (error) {
      log.error({ err: error }, 'The embedded Postgres has ended and does not start again; trying on.')
      await sleep(waitMs)
    }
  }
  return before
}

async function leave({ server, presence }: Stay): Promise<{ stopped: boolean }> {
  // Unreachable counts as used: it is not ours to stop then.
  const others = await presence.countOthers().catch(() => 1)
  await presence.leave().catch(() => undefined)
  if (others > 0) return { stopped: false }
  await stopPostmaster(server.home)
  return { stopped: true }
}
