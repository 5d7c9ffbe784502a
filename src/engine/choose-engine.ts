/**
 * `auto`: the quickest engine of this machine. Measured once and kept in the data folder as `engine.json`, until what it
 * depends on changes: another processor or GPU, another library, the native TensorFlow put in.
 */
import { statSync } from 'node:fs'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { version_core } from '@tensorflow/tfjs-core'
import { gpuDeviceFiles, nvidiaGpus, processorName } from './devices.js'
import { isInstalled, messageOf, openEngine, unavailable } from './engine.js'
import { BACKENDS, type Backend, type Engine } from './engine.type.js'
import { measureStep } from './measure-step.js'
import { bindingPath } from './native/binding.js'

interface KeptChoice {
  readonly key: string
  readonly backend: Backend
  /** Milliseconds of a head step with batch 64: for people. */
  readonly measured: Partial<Record<Backend, number>>
}

/**
 * @param directory the data folder
 * @throws RunError ENGINE_UNAVAILABLE where none starts
 */
export async function chooseEngine(directory: string): Promise<Engine> {
  const path = join(directory, 'engine.json')
  const key = machineKey()
  const kept = await readChoice(path)
  if (kept?.key === key) {
    const engine = await openEngine(kept.backend).catch(() => null)
    if (engine !== null) return engine
  }
  const { backend, measured, passedOver } = await measureCandidates()
  await mkdir(directory, { recursive: true })
  await keep(path, { key, backend, measured })
  return openEngine(backend, passedOver)
}

/** Whatever could make another engine the quickest one. */
export function machineKey(): string {
  const binding = isInstalled('tensorflow') ? statSync(bindingPath()) : null
  return JSON.stringify({
    tfjs: version_core,
    platform: `${process.platform}-${process.arch}`,
    node: process.versions.modules,
    processor: processorName(),
    threads: availableParallelism(),
    gpus: [...(gpuDeviceFiles() ?? []), ...nvidiaGpus()],
    tensorflow: binding && [binding.size, Math.round(binding.mtimeMs)],
  })
}

/** Where there is no GPU, Dawn need not be asked. Plain JavaScript is for those on whom nothing else starts. */
function candidates(): Backend[] {
  return BACKENDS.filter((backend) => {
    if (backend === 'cpu') return false
    return backend === 'webgpu' ? gpuDeviceFiles()?.length !== 0 : isInstalled(backend)
  })
}

async function measureCandidates(): Promise<Omit<KeptChoice, 'key'> & { passedOver: string[] }> {
  const measured: Partial<Record<Backend, number>> = {}
  const passedOver: string[] = []
  for (const backend of candidates()) {
    try {
      measured[backend] = await measure(backend)
    } catch (reason) {
      passedOver.push(`${backend}: ${messageOf(reason)}`)
    }
  }
  const [quickest] = Object.entries(measured).sort(([, a], [, b]) => a - b) as [Backend, number][]
  if (quickest !== undefined) return { backend: quickest[0], measured, passedOver }
  const plain = await openEngine('cpu').catch((reason: unknown) => {
    throw unavailable(`No engine starts. ${[...passedOver, `cpu: ${messageOf(reason)}`].join(' ')}`, 'Put that right')
  })
  plain.dispose()
  return { backend: 'cpu', measured, passedOver }
}

async function measure(backend: Backend): Promise<number> {
  const engine = await openEngine(backend)
  try {
    if (backend === 'webgpu' && !engine.onGpu) throw new Error(`${engine.info.device} computes on the processor.`)
    return Math.round((await measureStep(engine.tf)) * 10) / 10
  } finally {
    engine.dispose()
  }
}

/** Null where there is none that can be read: then it is measured again. */
async function readChoice(path: string): Promise<KeptChoice | null> {
  try {
    const kept = JSON.parse(await readFile(path, 'utf8')) as Partial<KeptChoice>
    const backend = BACKENDS.find((name) => name === kept.backend)
    return backend === undefined || kept.key === undefined ? null : { key: kept.key, backend, measured: {} }
  } catch {
    return null
  }
}

async function keep(path: string, choice: KeptChoice): Promise<void> {
  const part = `${path}.part-${String(process.pid)}`
  await writeFile(part, `${JSON.stringify(choice, null, 2)}\n`)
  await rename(part, path)
}
