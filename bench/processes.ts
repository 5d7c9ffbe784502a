/** What Linux knows of the processes below one: memory, processor time and niceness. */
import { readdir, readFile } from 'node:fs/promises'

export interface Process {
  readonly pid: string
  readonly parent: string
  readonly command: string
  readonly niceness: number
  /** Of all its threads, in user and kernel mode; of children that have ended nothing. */
  readonly cpuSeconds: number
}

/** Linux counts processor time in these, whatever its own tick is. */
const TICKS_PER_SECOND = 100

/**
 * @param pid whose children, and theirs, are looked at
 * @param programs ends of their programs' paths, e.g. "trainer.js"
 * @returns none where there is no /proc
 */
export async function processesOf(pid: number, programs: readonly string[]): Promise<Process[]> {
  const names = await readdir('/proc').catch(() => [])
  const all = (await Promise.all(names.filter((name) => /^\d+$/.test(name)).map(read))).flat()
  const below = (parent: string): Process[] =>
    all.filter((each) => each.parent === parent).flatMap((each) => [each, ...below(each.pid)])
  return below(String(pid)).filter(({ command }) => programs.some((program) => command.includes(program)))
}

/** The most memory that they ever had: bytes, the sum of their peaks (VmHWM); null where there is no /proc. */
export async function peakMemory(pid: number, programs: readonly string[]): Promise<number | null> {
  const found = await processesOf(pid, programs)
  const peaks = await Promise.all(found.map((each) => peakOf(each.pid)))
  return peaks.length === 0 ? null : peaks.reduce((sum, peak) => sum + peak)
}

/** Empty where it has just ended. */
async function read(pid: string): Promise<Process[]> {
  try {
    const [stat = '', command = ''] = await Promise.all(
      ['stat', 'cmdline'].map((name) => readFile(`/proc/${pid}/${name}`, 'utf8')),
    )
    // "pid (name) state parent …", and the name may hold spaces and parentheses.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const [userTicks, kernelTicks, niceness] = [11, 12, 16].map((at) => Number(fields[at])) as [number, number, number]
    const cpuSeconds = (userTicks + kernelTicks) / TICKS_PER_SECOND
    return [{ pid, parent: fields[1] ?? '', command, niceness, cpuSeconds }]
  } catch {
    return []
  }
}

async function peakOf(pid: string): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024
}
