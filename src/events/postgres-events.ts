import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import type { Logger } from 'pino'
import { Bells, type OnDelivered } from './bells.js'
import { DatabaseClock } from './database-clock.js'
import { CHANNEL, type Events } from './events.js'

/** How long a lost ring may go unnoticed. */
const TICK_MS = 5000
const LONGEST_WAIT_MS = 5000
/** A server that vanished without a word (a pulled cable) is noticed by this. */
const QUERY_TIMEOUT_MS = 5000

interface EventsOptions {
  readonly url: string
  readonly log: Logger
  readonly tickMs?: number
  readonly onDelivered?: OnDelivered
}

/** One connection for the process, whatever the number of bells. */
export function createEvents({ url, log, tickMs = TICK_MS, onDelivered = () => undefined }: EventsOptions): Events {
  const bells = new Bells(onDelivered)
  const closing = new AbortController()
  let tick: NodeJS.Timeout | undefined
  let listening: Promise<void> | undefined
  let connected: (() => void) | undefined

  const start = async (): Promise<void> => {
    if (listening !== undefined) return
    const first = new Promise<void>((resolve) => (connected = resolve))
    tick = setInterval(() => bells.ringAll(), tickMs)
    listening = keepListening({ url, log, bells, closing: closing.signal, onListening: () => connected?.() })
    await Promise.race([first, listening])
  }

  return {
    bell: (topic, id) => bells.add(topic, id),
    start,
    close: async () => {
      clearInterval(tick)
      closing.abort()
      bells.closeAll()
      await listening
    },
  }
}

interface Listening {
  url: string
  log: Logger
  bells: Bells
  closing: AbortSignal
  onListening: () => void
}

async function keepListening(listening: Listening): Promise<void> {
  const { log, closing } = listening
  const isClosing = (): boolean => closing.aborted
  for (let failures = 0; !isClosing(); failures += 1) {
    if (failures > 0) await pause(Math.min(50 * 2 ** failures, LONGEST_WAIT_MS), closing)
    try {
      await listenUntilLost(listening, () => (failures = 0))
    } catch (error) {
      if (failures === 0) log.warn({ err: error }, 'Events between processes are interrupted; reconnecting.')
    }
  }
}

async function listenUntilLost({ url, bells, closing, onListening }: Listening, onReady: () => void): Promise<void> {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'graft-events',
    connectionTimeoutMillis: QUERY_TIMEOUT_MS,
    query_timeout: QUERY_TIMEOUT_MS,
    keepAlive: true,
  })
  const lost = new AbortController()
  client.on('error', () => lost.abort())
  client.on('end', () => lost.abort())
  const clock = new DatabaseClock(client)
  client.on('notification', ({ payload = '' }) => {
    const [key = '', at] = payload.split('@')
    bells.ring(key, clock.here(Number(at)))
  })
  try {
    await client.connect()
    await client.query(`LISTEN ${CHANNEL}`)
    await clock.compare()
    onReady()
    onListening()
    // What rang while nobody listened is not known.
    bells.ringAll()
    await proveUntil(clock, AbortSignal.any([lost.signal, closing]))
  } finally {
    // A server that vanished does not say goodbye.
    await Promise.race([client.end().catch(() => undefined), sleep(1000, undefined, { ref: false })])
  }
}

/** A question now and then: silence alone does not tell a quiet server from a vanished one. */
async function proveUntil(clock: DatabaseClock, ended: AbortSignal): Promise<void> {
  for (;;) {
    await pause(TICK_MS, ended)
    if (ended.aborted) return
    await clock.compare()
  }
}

/** Ends early when the signal is given. */
function pause(ms: number, ended: AbortSignal): Promise<void> {
  return sleep(ms, undefined, { signal: ended }).catch(() => undefined)
}
