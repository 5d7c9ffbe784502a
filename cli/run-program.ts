/** A program of the server's, in a process of its own with this terminal. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** It says itself what went wrong. @returns its exit code, 0 where the signal ended it */
export async function runProgram(name: string, parameters: readonly string[], signal: AbortSignal): Promise<number> {
  const path = fileURLToPath(new URL(`../src/${name}.js`, import.meta.url))
  const child = spawn(process.execPath, [path, ...parameters], { stdio: 'inherit' })
  signal.addEventListener('abort', () => child.kill('SIGTERM'))
  const [code] = (await once(child, 'exit')) as [number | null]
  return signal.aborted ? 0 : (code ?? 1)
}
