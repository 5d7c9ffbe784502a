import { execFile } from 'node:child_process'
import { readFile, readlink } from 'node:fs/promises'
import { promisify } from 'node:util'

const run = promisify(execFile)

/**
 * Whether the process of that number lives and is the cluster's Postgres. Numbers are used again: after a restart of a
 * container an old one soon belongs to another process.
 */
export async function servesCluster(pid: number, cluster: string): Promise<boolean> {
  if (process.platform !== 'linux') return isPostgresByList(pid)
  const stat = await readFile(`/proc/${String(pid)}/stat`, 'latin1').catch(() => '')
  // "pid (name) state …"; a zombie has ended, it only waits to be counted.
  const [, name, state] = /^\d+ \((.*)\) (\S)/s.exec(stat) ?? []
  if (name !== 'postgres' || state === 'Z') return false
  // Postgres works in its data folder. In a container root may not see where another user's process works: the arguments
  // that we gave it are everybody's to read.
  const directory = await readlink(`/proc/${String(pid)}/cwd`).catch(() => '')
  if (directory === cluster) return true
  const text = await readFile(`/proc/${String(pid)}/cmdline`, 'utf8').catch(() => '')
  const argumentsOf = text.split('\0')
  return argumentsOf[argumentsOf.indexOf('-D') + 1] === cluster
}

async function isPostgresByList(pid: number): Promise<boolean> {
  const command = await run('ps', ['-p', String(pid), '-o', 'comm=']).then(
    ({ stdout }) => stdout.trim(),
    () => '',
  )
  return command === 'postgres' || command.endsWith('/postgres')
}
