/** `npm start`: a server and a trainer, each a process of its own; one that crashes is started again. */
import { fileURLToPath } from 'node:url'
import { frugalEnvironment } from './config/allocator.js'
import { loadConfig } from './config/config.js'
import { openLog } from './monitoring/log.js'
import { exitOnFailure } from './server.process.js'
import { keepRunning, type KeptProcess } from './start.process.js'

async function main(): Promise<void> {
  // Read here first, so that wrong settings are told once.
  const config = loadConfig()
  const log = openLog('start', config)
  const started: KeptProcess[] = []
  let stopping = false
  const isStopping = (): boolean => stopping
  const stop = async (): Promise<void> => {
    stopping = true
    await Promise.all(started.map((each) => each.stop()))
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop())

  // One after the other: a database that cannot be had, or a port in use, is told once, and ends both.
  const programs = [{ name: 'server', env: frugalEnvironment() }, { name: 'trainer' }]
  for (const { name, ...rest } of programs) {
    if (isStopping()) return
    const entry = fileURLToPath(new URL(`${name}.js`, import.meta.url))
    const kept = keepRunning({ name, entry, ...rest }, log)
    started.push(kept)
    if (await kept.ready) continue
    process.exitCode = isStopping() ? 0 : 1
    await stop()
    return
  }
}

await exitOnFailure(main)
