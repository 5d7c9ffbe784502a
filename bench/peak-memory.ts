/** The most memory that processes ever had, as Linux remembers it for as long as they live. */
import { readdir, readFile } from 'node:fs/promises'

/**
 * @param pid whose children, and theirs, are looked at
 * @param programs ends of their programs' paths, e.g. "trainer.js"
 * @returns bytes: the sum of their peaks (VmHWM); null where there is no /proc
 */
export async function peakMemory(pid: number, programs: readonly string[]): Promise<number | null> {
  const found = (await processesBelow(pid)).filter(({ command }) =>
    programs.some((program) => command.includes(program)),
  )
  const peaks = await Promise.all(found.map((each) => peakOf(each.pid)))
  return peaks.length === 0 ? null : peaks.reduce((sum, peak) => sum + peak)
}

interface Process {
  readonly pid: string
  readonly parent: string
  readonly command: string
}

async function processesBelow(pid: number): Promise<Process[]> {
  const names = await readdir('/proc').catch(() => [])
  const all = (await Promise.all(names.filter((name) => /^\d+$/.test(name)).map(read))).flat()
  const below = (parent: string): Process[] =>
    all.filter((each) => each.parent === parent).flatMap((each) => [each, ...below(each.pid)])
  return below(String(pid))
}

/** Empty where it has just ended. */
async function read(pid: string): Promise<Process[]> {
  try {
    const [stat, command] = await Promise.all(
      ['stat', 'cmdline'].map((name) => readFile(`/proc/${pid}/${name}`, 'utf8')),
    )
    // "pid (name) state parent …", and the name may hold spaces and parentheses.
    const [, parent = ''] = stat?.slice(stat.lastIndexOf(')') + 2).split(' ') ?? []
    return [{ pid, parent, command: command ?? '' }]
  } catch {
    return []
  }
}

async function peakOf(pid: string): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024
}
