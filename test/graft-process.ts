/** Server and trainer as `npm start` runs them, on a database and in a folder of their own, for tests from outside. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { projectFile } from '../src/config/project-root.js'
import { createTestDatabase } from './database.js'

export interface GraftProcess {
  readonly url: string
  /** Absolute: what importImages may read, and what tests may write. */
  readonly folder: string
  close(): Promise<void>
}

const ADDRESS = /ready at (http:\S+)/
const READY_WITHIN_MS = 120_000

export async function startGraftProcess(env: Record<string, string> = {}): Promise<GraftProcess> {
  const database = await createTestDatabase()
  const folder = await mkdtemp(join(tmpdir(), 'graft-process-'))
  await chmod(folder, 0o755)
  const child = spawn(process.execPath, [projectFile('dist', 'src', 'start.js')], {
    env: {
      ...process.env,
      PORT: '0',
      DATABASE_URL: database.url,
      GRAFT_DATA_DIR: join(folder, 'data'),
      GRAFT_IMPORT_ROOTS: folder,
      GRAFT_TRUNK_WEIGHTS: 'random',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (part: string) => {
      said += part
    })
  }
  const ended = once(child, 'exit')
  const close = async (): Promise<void> => {
    child.kill('SIGTERM')
    await ended
    await database.close()
    await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  }
  const deadline = Date.now() + READY_WITHIN_MS
  while (!ADDRESS.test(said) && child.exitCode === null && Date.now() < deadline) await sleep(50)
  const url = ADDRESS.exec(said)?.[1]
  if (url !== undefined) return { url, folder, close }
  await close()
  throw new Error(`Graft did not start:\n${said}`)
}
