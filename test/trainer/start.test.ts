import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { projectFile } from '../../src/config/project-root.js'
import { createTestDatabase, type TestDatabase } from '../database.js'
import { eventually, stopProcess } from './fixture.js'

let database: TestDatabase
let dataDir: string
let started: { process: ChildProcess; output: () => string }

beforeAll(async () => {
  database = await createTestDatabase()
  dataDir = await mkdtemp(join(tmpdir(), 'graft-start-'))
})
afterEach(() => stopProcess(started.process, 'SIGKILL'))
afterAll(async () => {
  await database.close()
  await rm(dataDir, { recursive: true, force: true })
})

function start(env: Record<string, string> = {}): void {
  const child = spawn(process.execPath, [projectFile('dist', 'src', 'start.js')], {
    env: {
      PATH: process.env['PATH'],
      DATABASE_URL: database.url,
      GRAFT_DATA_DIR: dataDir,
      GRAFT_TRUNK_WEIGHTS: 'random',
      PORT: '0',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)))
  started = { process: child, output: () => output }
}

async function startReady(): Promise<void> {
  start()
  await eventually(() => started.output().includes("Graft's trainer is ready"))
}

function occurrences(text: string): number {
  return started.output().split(text).length - 1
}

/** The kernel's list of a process's children. */
async function childrenOf(pid: number | undefined): Promise<number[]> {
  const text = await readFile(`/proc/${String(pid)}/task/${String(pid)}/children`, 'utf8')
  return text.trim().split(' ').map(Number)
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

it('runs a server and a trainer, starts one that crashed again, and stops both in order', async () => {
  await startReady()
  expect(started.output()).toMatch(/http:\/\/127\.0\.0\.1:\d+/)
  const [server = 0, trainer = 0] = await childrenOf(started.process.pid)
  process.kill(server, 'SIGKILL')
  await eventually(() => occurrences("Graft's server is ready") === 2)
  await stopProcess(started.process, 'SIGTERM')
  expect(started.process.exitCode).toBe(0)
  expect([server, trainer].map(isAlive)).toEqual([false, false])
})

it('takes its server and its trainer along when it is killed', async () => {
  await startReady()
  const children = await childrenOf(started.process.pid)
  expect(children).toHaveLength(2)
  await stopProcess(started.process, 'SIGKILL')
  await eventually(() => !children.some(isAlive))
})

it('says once what is wrong with the settings', async () => {
  start({ GRAFT_ENGINE: 'abacus', PORT: 'front' })
  await once(started.process, 'close')
  expect(started.process.exitCode).toBe(1)
  expect(occurrences('GRAFT_ENGINE')).toBe(1)
  expect(occurrences('PORT')).toBe(1)
})

it('says once that the database cannot be reached, and what to check', async () => {
  start({ DATABASE_URL: 'postgres://nobody@127.0.0.1:9/graft' })
  await once(started.process, 'close')
  expect(started.process.exitCode).toBe(1)
  expect(occurrences('check that Postgres runs')).toBe(1)
})
