import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { forkCompute } from '../../src/supervisor/compute-child.js'
import { silent } from './fixture.js'

let directory: string
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'graft-child-'))
})
afterAll(() => rm(directory, { recursive: true }))

/** A child that says what the program says. */
async function fork(program: string, stallMs = 600_000) {
  const entry = join(directory, 'child.mjs')
  await writeFile(entry, `setInterval(() => undefined, 1000)\n${program}`)
  return forkCompute({ entry, stallMs, signal: new AbortController().signal, log: () => silent })
}

const READY = `process.send({ type: 'ready', engine: null, computations: [] })`

it('counts as dead from the moment that it is killed, so that no run is given to it', async () => {
  const child = await fork(READY)
  expect(child.alive).toBe(true)
  const killed = child.kill()
  expect(child.alive).toBe(false)
  await killed
})

it('is killed when it says nothing for too long in the middle of a task, and not before', async () => {
  const child = await fork(`${READY}\nprocess.send({ type: 'cancelled' })`, 10_000)
  for await (const message of child.messages()) expect(message.type).toBe('cancelled')
  expect(child.alive).toBe(true)
  for await (const message of child.messages()) throw new Error(`It said ${message.type}.`)
  expect(child.alive).toBe(false)
})
