import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openWorkshop, type Workshop } from '../trainer/fixture.js'

/** Longer than it takes to count as dead. */
const OUTAGE_MS = 10_000

let workshop: Workshop
let wire: Wire
beforeAll(async () => {
  workshop = await openWorkshop({ TRAIN: 12, VALIDATION: 4, TEST: 4 })
  wire = await layWire(new URL(workshop.database.url))
})
afterAll(async () => {
  await workshop.close()
  wire.cut()
})

interface Wire {
  readonly url: string
  cut(): void
  mend(): Promise<void>
}

/** A way to the database that can be cut. */
async function layWire(target: URL): Promise<Wire> {
  const sockets = new Set<Socket>()
  const server: Server = createServer((near) => {
    const far = connect(Number(target.port), target.hostname)
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(socket)
      socket.on('error', () => undefined).on('close', () => other.destroy())
      socket.pipe(other)
    }
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: Object.assign(new URL(target), { hostname: '127.0.0.1', port: String(port) }).href,
    cut: () => {
      server.close()
      for (const socket of sockets) socket.destroy()
      sockets.clear()
    },
    mend: async () => {
      await once(server.listen(port, '127.0.0.1'), 'listening')
    },
  }
}

it('goes on after an outage of the database, which counts as no death', async () => {
  await workshop.startTrainer({ DATABASE_URL: wire.url })
  await workshop.startTrainer({ DATABASE_URL: wire.url })
  const id = await workshop.startRun({ epochs: 60, hiddenUnits: [8] })
  const before = await workshop.until(id, ({ latestEpochNumber }) => (latestEpochNumber ?? 0) >= 2)
  wire.cut()
  await sleep(OUTAGE_MS)
  expect((await workshop.run(id)).status).toBe('RUNNING')
  await wire.mend()
  const run = await workshop.until(id, ({ status }) => status === 'SUCCEEDED')
  expect(run).toMatchObject({ attempts: 1, lease: before.lease, latestEpochNumber: 60 })
  expect(await workshop.database.prisma.epoch.count({ where: { trainingRunId: id } })).toBe(60)
})
