import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { GIVE_UP_MS, GUARDED_SETTINGS, OPEN_SETTINGS, type AbuseTarget } from '../../bench/abuse/abuse.case.js'
import { ABUSE } from '../../bench/abuse/abuse.cases.js'
import { TRANSPORTS } from '../../bench/abuse/transports.js'
import { createTestServer, type TestServer } from './server.js'

let server: TestServer
let target: AbuseTarget
let heapBefore = 0
const closing: (() => Promise<void>)[] = []

/** Those that stall for longer are sent by `npm run bench:api -- --only abuse`. */
const STALLS_AT_MOST_MS = 10_000
const QUICK = ABUSE.filter(({ limitMs = 0 }) => limitMs <= STALLS_AT_MOST_MS)
/** What the tests themselves leave, compiled code, and the server's bounded stores of documents. */
const HEAP_MAY_GROW_BYTES = 100_000_000

function heapAfterCollection(): number {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  collect()
  collect()
  return process.memoryUsage().heapUsed
}

beforeAll(async () => {
  server = await createTestServer(OPEN_SETTINGS)
  await server.workImports()
  const guarded = await createTestServer(GUARDED_SETTINGS)
  closing.push(
    () => server.close(),
    () => guarded.close(),
  )
  target = { url: server.url, guardedUrl: guarded.url }
  // What is made once is made before it is measured.
  for (const { send } of ABUSE.slice(0, 5)) await send(target)
  heapBefore = heapAfterCollection()
})

afterAll(async () => {
  for (const close of closing) await close()
})

describe('a request in bad faith', () => {
  afterEach(async () => {
    expect((await server.ask('{ __typename }')).data).toEqual({ __typename: 'Query' })
  })

  it.each(QUICK)('over $name is answered by $answer', { timeout: GIVE_UP_MS }, async ({ send, answer }) => {
    expect(await send(target)).toBe(answer)
  })
})

it('is sent in at least sixty ways over each transport, no way twice', () => {
  const names = new Set(ABUSE.map(({ name }) => name))
  expect(names.size).toBe(ABUSE.length)
  for (const [transport] of TRANSPORTS)
    expect([...names].filter((name) => name.startsWith(`${transport}: `)).length).toBeGreaterThanOrEqual(60)
})

it('leaves no memory behind', { timeout: 60_000 }, () => {
  expect(heapAfterCollection() - heapBefore).toBeLessThan(HEAP_MAY_GROW_BYTES)
})
