/** A program of the server's, in a process of its own with this terminal. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { CommandError } from './exit-codes.js'

/** @throws CommandError where it ends with anything but 0 */
export async function runProgram(name: string, parameters: readonly string[], signal: AbortSignal): Promise<void> {
  const path = fileURLToPath(new URL(`../src/${name}.js`, import.meta.url))
  const child = spawn(process.execPath, [path, ...parameters], { stdio: 'inherit' })
  signal.addEventListener('abort', () => child.kill('SIGTERM'))
  const [code] = (await once(child, 'exit')) as [number | null]
  if (code !== 0 && !signal.aborted) throw new CommandError(`${name} ended with ${String(code)}.`)
}
