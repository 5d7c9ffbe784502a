/** A Graft of one's own: server, trainer and their Postgres, started as `npm start` does and stopped in order. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Environment } from './environment.js'

const START = fileURLToPath(new URL('../src/start.js', import.meta.url))
const ADDRESS = /https?:\/\/[\w.:[\]-]+:\d+/
const READY_WITHIN_MS = 60_000
const STOPPED_WITHIN_MS = 20_000
const KEPT_LINES = 30

export interface GraftProcess {
  /** E.g. http://127.0.0.1:40123 */
  readonly url: string
  /** Of the process that server and trainer are children of. */
  readonly pid: number
  /** Rejects when the processes end before they were told to. */
  readonly ended: Promise<never>
  stop(): Promise<void>
}

/** Resolves once the server says that it is ready; whatever was started is gone again where it rejects. */
export async function startGraft(environment: Environment, signal: AbortSignal): Promise<GraftProcess> {
  signal.throwIfAborted()
  // A process group of its own: Ctrl-C reaches the demo alone, which then stops the others in order.
  const child = spawn(process.execPath, [START], {
    env: { ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  const exited = once(child, 'exit')
  const said = collectLines(child)
  const ended = exited.then(() => {
    throw new Error(`Graft ended by itself. What it said last:\n${said.join('\n')}`)
  })
  ended.catch(() => undefined)
  const stop = () => stopProcess(child, exited)
  try {
    const url = await Promise.race([addressOf(child, signal), ended])
    await Promise.race([ready(url, signal), ended])
    return { url, pid: child.pid as number, ended, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** The last lines that the process wrote, as they come. */
function collectLines(child: ChildProcess): string[] {
  const lines: string[] = []
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      lines.push(...text.split('\n').filter((line) => line !== ''))
      lines.splice(0, lines.length - KEPT_LINES)
    })
  }
  return lines
}

function addressOf(child: ChildProcess, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    child.stdout?.on('data', (part: string) => {
      text = (text + part).slice(-10_000)
      const address = ADDRESS.exec(text)
      if (address !== null) resolve(address[0])
    })
    signal.addEventListener('abort', () => {
      reject(signal.reason as Error)
    })
  })
}

async function ready(url: string, signal: AbortSignal): Promise<void> {
  const giveUpAt = Date.now() + READY_WITHIN_MS
  for (;;) {
    signal.throwIfAborted()
    const response = await fetch(`${url}/health/ready`).catch(() => undefined)
    if (response?.ok === true) return
    if (Date.now() > giveUpAt)
      throw new Error(`The server was not ready within ${String(READY_WITHIN_MS / 1000)} seconds.`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

async function stopProcess(child: ChildProcess, exited: Promise<unknown>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return
  child.kill('SIGTERM')
  const group = -child.pid
  const impatience = setTimeout(() => {
    process.kill(group, 'SIGKILL')
  }, STOPPED_WITHIN_MS)
  await exited
  clearTimeout(impatience)
}
