/** Names of what computes. */
import { readdirSync, readFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'

export function processorName(): string {
  return cpus()[0]?.model.trim() ?? 'unknown processor'
}

/** As the NVIDIA driver for Linux names them, e.g. "NVIDIA H200"; none where it is not loaded. */
export function nvidiaGpus(): string[] {
  const directory = '/proc/driver/nvidia/gpus'
  return namesIn(directory).flatMap((gpu) => {
    const text = readFileSync(join(directory, gpu, 'information'), 'utf8')
    return /^Model:\s*(.+?)\s*$/m.exec(text)?.[1] ?? []
  })
}

/** Device files of graphics processors. Null where the system has none by which one could tell. */
export function gpuDeviceFiles(): string[] | null {
  if (process.platform !== 'linux') return null
  return [
    ...namesIn('/dev/dri').filter((name) => name.startsWith('renderD')),
    ...namesIn('/dev').filter((name) => /^nvidia\d+$/.test(name)),
  ]
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory).sort()
  } catch {
    return []
  }
}
