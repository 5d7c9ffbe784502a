import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { createServer, type AddressInfo } from 'node:net'
import { pino } from 'pino'
import { expect, it } from 'vitest'
import { openPrisma } from '../../src/database/database.js'
import { isDatabaseOutOfReach } from '../../src/database/out-of-reach.js'
import { createTestDatabase } from '../database.js'

const log = pino({ level: 'silent' })

/** What Postgres says to whoever connects while it recovers from a crash: an ErrorResponse of the wire protocol. */
function recovering(message: string): Buffer {
  const fields = Buffer.from(`SFATAL\0VFATAL\0C57P03\0M${message}\0\0`)
  const head = Buffer.from('E....')
  head.writeInt32BE(fields.length + 4, 1)
  return Buffer.concat([head, fields])
}

it.each(['the database system is starting up', 'the database system is not yet accepting connections'])(
  'takes "%s" for an outage that passes, in queries and in transactions',
  async (message) => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined).once('data', () => socket.end(recovering(message)))
    })
    await once(server.listen(0, '127.0.0.1'), 'listening')
    const { port } = server.address() as AddressInfo
    const prisma = openPrisma({ url: `postgresql://a:b@127.0.0.1:${String(port)}/graft`, applicationName: 'test', log })
    try {
      for (const attempt of [
        () => prisma.dataset.count(),
        () => prisma.$queryRaw`SELECT 1`,
        () => prisma.$transaction((tx) => tx.dataset.count()),
      ]) {
        const error: unknown = await attempt().then(
          () => 'answered',
          (reason: unknown) => reason,
        )
        expect(isDatabaseOutOfReach(error), String(error)).toBe(true)
      }
    } finally {
      await prisma.$disconnect()
      server.close()
    }
  },
)

it('does not take a violated constraint for an outage', async () => {
  const database = await createTestDatabase()
  try {
    await database.prisma.dataset.create({ data: { name: 'twice' } })
    const error: unknown = await database.prisma.dataset
      .create({ data: { name: 'twice' } })
      .catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(Error)
    expect(isDatabaseOutOfReach(error)).toBe(false)
  } finally {
    await database.close()
  }
})

it('takes a connection that ends in the middle of a transaction for an outage', async () => {
  const database = await createTestDatabase()
  const other = openPrisma({ url: database.url, applicationName: 'test', log })
  try {
    const broken = database.prisma.$transaction(async (tx) => {
      const [own] = await tx.$queryRaw<{ pid: number }[]>`SELECT pg_backend_pid() AS pid`
      await other.$queryRaw`SELECT pg_terminate_backend(${own?.pid ?? 0}::int)`
      await sleep(500)
      return tx.dataset.count()
    })
    const error: unknown = await broken.catch((reason: unknown) => reason)
    expect(isDatabaseOutOfReach(error), String(error)).toBe(true)
  } finally {
    await other.$disconnect()
    await database.close()
  }
})
