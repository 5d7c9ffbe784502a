import { spawn } from 'node:child_process'
import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pino from 'pino'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { openDatabase, type Database } from '../../src/database/database.js'
import { openEmbeddedPostgres, type EmbeddedPostgres } from '../../src/database/embedded/embedded-postgres.js'
import { startChild, type Child } from '../child.js'

const log = pino({ level: 'silent' })
const opened: { close(): Promise<unknown> }[] = []
const children: Child[] = []
let dataDir: string

// One data folder for all: making its files takes longer than the tests. Each leaves it without a server.
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'graft-embedded-'))
  await chmod(dataDir, 0o755)
})

afterEach(async () => {
  for (const child of children.splice(0)) if (child.process.exitCode === null) await child.end('SIGKILL')
  await Promise.all(opened.splice(0).map((each) => each.close()))
  expect(await serverPid()).toBe(0)
})

afterAll(() => rm(dataDir, { recursive: true, force: true }))

async function open(directory = dataDir): Promise<EmbeddedPostgres> {
  const postgres = await openEmbeddedPostgres({ dataDir: directory, log })
  opened.push(postgres)
  return postgres
}

async function openPrisma(): Promise<Database> {
  const config = { dataDir, databaseUrl: undefined }
  const database = await openDatabase({ config, applicationName: 'graft-test', log })
  opened.push(database)
  return database
}

/** Another process that uses the server until it is ended; prints the address. */
function openInChild(): Child {
  const child = startChild(`
    const { openEmbeddedPostgres } = await import(dist + '/database/embedded/embedded-postgres.js')
    const { default: pino } = await import('pino')
    const postgres = await openEmbeddedPostgres({ dataDir: ${JSON.stringify(dataDir)}, log: pino({ level: 'silent' }) })
    console.log(postgres.url)
    process.once('SIGTERM', async () => { await postgres.close(); process.exit() })
    setInterval(() => {}, 1000)
  `)
  children.push(child)
  return child
}

async function serverPid(): Promise<number> {
  const text = await readFile(join(dataDir, 'postgres', 'cluster', 'postmaster.pid'), 'utf8').catch(() => '0')
  return Number(text.split('\n')[0])
}

describe('the embedded Postgres', () => {
  it('is one server for processes that start in the same moment, and the last to stop stops it', async () => {
    const others = [openInChild(), openInChild()]
    const { url } = await open()
    expect(await Promise.all(others.map((other) => other.line()))).toEqual([url, url])
    for (const other of others) {
      await other.end('SIGTERM')
      expect(await serverPid()).toBeGreaterThan(0)
    }
    expect(await opened.pop()?.close()).toEqual({ stopped: true })
    expect(await serverPid()).toBe(0)
  })

  it('outlives a process that was killed, serves the next one, and is then stopped in order', async () => {
    const killed = openInChild()
    const url = await killed.line()
    const pid = await serverPid()
    await killed.end('SIGKILL')
    const next = await open()
    expect([next.url, await serverPid()]).toEqual([url, pid])
    expect(await next.close()).toEqual({ stopped: true })
    opened.pop()
  })

  it('comes back at the same address after it was killed itself, with all that was committed', async () => {
    const { prisma } = await openPrisma()
    await prisma.dataset.create({ data: { name: 'kept' } })
    process.kill(await serverPid(), 'SIGKILL')
    let found: string[] = []
    for (const start = Date.now(); found.length === 0 && Date.now() - start < 20_000;) {
      await sleep(100)
      found = await prisma.dataset.findMany().then(
        (rows) => rows.map(({ name }) => name),
        () => [],
      )
    }
    expect(found).toEqual(['kept'])
  })

  it('starts although a pid file was left whose number belongs to another process now', async () => {
    await (await open()).close()
    opened.pop()
    // As after a power cut and a restart: the number is that of some process of the server's own user.
    const file = join(dataDir, 'postgres', 'cluster', 'postmaster.pid')
    const port = (await readFile(join(dataDir, 'postgres', 'port'), 'utf8')).trim()
    const { uid, gid } = await stat(join(dataDir, 'postgres', 'cluster'))
    const bystander = spawn('sleep', ['60'], process.getuid?.() === 0 ? { uid, gid } : {})
    await writeFile(
      file,
      [bystander.pid, join(dataDir, 'postgres', 'cluster'), 1, port, '', '127.0.0.1', ''].join('\n'),
    )
    expect((await open()).url).toContain('postgresql://')
    bystander.kill()
  })

  it('takes another port when its own is taken', async () => {
    await (await open()).close()
    opened.pop()
    const port = Number(await readFile(join(dataDir, 'postgres', 'port'), 'utf8'))
    const squatter = createServer().listen(port, '127.0.0.1')
    const { url } = await open()
    expect(new URL(url).port).not.toBe(String(port))
    squatter.close()
  })

  it('waits no longer than 10 seconds for a process that was killed while it held the lock', async () => {
    await (await open()).close()
    opened.pop()
    await mkdir(join(dataDir, 'postgres.lock'))
    const before = Date.now()
    await open()
    expect(Date.now() - before).toBeLessThan(10_000)
  })

  it('says at once that the data folder cannot be written', async () => {
    const file = join(dataDir, 'a-file')
    await writeFile(file, '')
    await expect(open(join(file, 'data'))).rejects.toThrow(/a-file\/data cannot be written\. Set GRAFT_DATA_DIR/)
  })

  it('keeps its password from other users and does not take connections without it', async () => {
    const { url } = await open()
    expect((await stat(join(dataDir, 'postgres', 'password'))).mode & 0o777).toBe(0o600)
    const config = { dataDir, databaseUrl: Object.assign(new URL(url), { password: 'guessed' }).href }
    await expect(openDatabase({ config, applicationName: 'graft-test', log })).rejects.toThrow(/refuses the password/)
  })

  it('orders text by code point, wherever it runs', async () => {
    const { prisma } = await openPrisma()
    const rows = await prisma.$queryRaw<{ label: string }[]>`
      SELECT label FROM unnest(ARRAY['b', 'É', 'a', 'B', 'é', '猫']) AS label ORDER BY label`
    expect(rows.map(({ label }) => label)).toEqual(['B', 'a', 'b', 'É', 'é', '猫'])
  })

  it.skipIf(process.getuid?.() !== 0)(
    'lies outside a folder that only root may enter, and is found there again',
    async () => {
      const hidden = join(dataDir, 'root')
      await mkdir(hidden, { mode: 0o700 })
      const { url } = await open(hidden)
      const place = (await readFile(join(hidden, 'postgres.location'), 'utf8')).trim()
      expect(place).toMatch(/^\/var\/lib\/graft\/[0-9a-f-]{36}$/)
      expect((await open(hidden)).url).toBe(url)
      await Promise.all(opened.splice(0).map((each) => each.close()))
      await rm(place, { recursive: true })
    },
  )
})
