import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

const RUN = fileURLToPath(new URL('../../scripts/run.mjs', import.meta.url))

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'graft-demo-test-'))
  // Else root's Postgres, which runs as somebody else, would keep its files outside and leave them there.
  await chmod(folder, 0o755)
})
afterEach(() => rm(folder, { recursive: true, force: true }))

interface Demo {
  child: ChildProcess
  output(): string
  /** The exit code, once it has ended. */
  ended: Promise<number | null>
}

/** Runs the demo as `npm run demo -- …` does, with temporary folders of its own. */
function startDemo(parameters: string[], environment: Record<string, string> = {}): Demo {
  const child = spawn(process.execPath, [RUN, 'demo', ...parameters], {
    env: { ...process.env, ...environment, TMPDIR: folder, HOME: folder, XDG_CACHE_HOME: folder },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let text = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part: Buffer) => (text += part.toString()))
  const ended = once(child, 'close').then(([code]) => code as number | null)
  return { child, output: () => text, ended }
}

async function said(demo: Demo, words: string): Promise<void> {
  while (!demo.output().includes(words)) {
    if (demo.child.exitCode !== null) throw new Error(`Ended before it said "${words}":\n${demo.output()}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

/** Processes that were told of the demo's folder: server, trainer, compute, Postgres. */
async function leftRunning(): Promise<string[]> {
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
  const commands = await Promise.all(
    ids.map(async (id) => {
      const read = (file: string) => readFile(`/proc/${id}/${file}`, 'utf8').catch(() => '')
      const [command, environment] = await Promise.all([read('cmdline'), read('environ')])
      return `${command} ${environment}`.includes(folder) ? [command.replaceAll('\0', ' ')] : []
    }),
  )
  return commands.flat()
}

describe('the demo', () => {
  it('goes the whole way and leaves nothing behind', { timeout: 400_000 }, async () => {
    const demo = startDemo(['--epochs', '3'], { DATABASE_URL: 'postgresql://127.0.0.1:9/not-the-demo' })
    expect(await demo.ended, demo.output()).toBe(0)
    const output = demo.output()
    expect(output).toContain('  180 added, 0 there already, 0 rejected')
    expect(output).toContain('108 TRAIN, 36 VALIDATION, 36 TEST')
    expect(output).toMatch(/Features +180 of 180/)
    expect([...output.matchAll(/^ +(\d+) +\d+\.\d{4} /gm)].map((match) => match[1])).toEqual(['1', '2', '3'])
    expect(output).toMatch(/weighted avg +\d\.\d{6}/)
    expect(output).toContain('means nothing about real')
    expect(output).toMatch(/The model says: \w+ \(\w+ \d+\.\d+ %/)
    expect(output).toMatch(/The studio\n +http:\/\/127\.0\.0\.1:\d+\/ is the web page/)
    expect(output).not.toContain('\u001b')
    expect(await readdir(folder)).toEqual([])
    expect(await leftRunning()).toEqual([])
  })

  it('stops everything in order when it is interrupted in the middle of training', { timeout: 400_000 }, async () => {
    const demo = startDemo(['--epochs', '1000'])
    await said(demo, ' epoch ')
    demo.child.kill('SIGINT')
    expect(await demo.ended).toBe(130)
    expect(demo.output()).toContain('Interrupted')
    expect(await readdir(folder)).toEqual([])
    expect(await leftRunning()).toEqual([])
  })

  it('says why a run failed, ends with an error and leaves nothing behind', { timeout: 400_000 }, async () => {
    const demo = startDemo([], { GRAFT_TRUNK_WEIGHTS: join(folder, 'missing.safetensors') })
    expect(await demo.ended).toBe(1)
    expect(demo.output()).toContain('missing.safetensors')
    expect(demo.output()).toContain('GRAFT_TRUNK_WEIGHTS')
    expect(await readdir(folder)).toEqual([])
    expect(await leftRunning()).toEqual([])
  })

  it('says at once when there is no such folder of pictures', async () => {
    const demo = startDemo(['--images', join(folder, 'nowhere')])
    expect(await demo.ended).toBe(1)
    expect(demo.output()).toContain(`There is no folder ${join(folder, 'nowhere')}.`)
    expect(await readdir(folder)).toEqual([])
  })
})
