/** Whether a training step fits into memory, told before the first one: a process that is killed for it cannot. */
import { freemem } from 'node:os'
import { counted } from '../domain/counted.js'
import { RunError } from '../domain/failure.js'
import type { EngineInfo } from '../engine/engine.type.js'
import { stepBytes, type PlannedStep } from '../network/step.memory.js'

/** WebAssembly addresses 32 bits. */
const WASM_BYTES = 2 ** 32

/** @throws RunError OUT_OF_MEMORY with the largest batchSize, halved as often as need be, that fits */
export function checkMemory(
  asked: PlannedStep,
  {
    classCount,
    engine,
    available = availableBytes(engine),
  }: { classCount: number; engine: EngineInfo; available?: number },
): void {
  const needed = stepBytes(asked, classCount)
  if (needed <= available) return
  const message =
    `A step of ${counted(asked.batchSize, 'picture')} at ${String(asked.imageSize)} px, ${asked.trainableLayers} learning, ` +
    `takes about ${megabytes(needed)} of memory; ${megabytes(available)} are there.`
  throw new RunError('OUT_OF_MEMORY', message, suggestion(asked, { classCount, available }))
}

function suggestion(
  asked: PlannedStep,
  { classCount, available }: { classCount: number; available: number },
): RunError['suggestion'] {
  const halves = Array.from({ length: 12 }, (_, i) => Math.floor(asked.batchSize / 2 ** (i + 1)))
  const fitting = halves.find((size) => size > 0 && stepBytes({ ...asked, batchSize: size }, classCount) <= available)
  if (fitting === undefined) {
    const text =
      'Not even one picture at a time fits: let fewer layers learn (trainableLayers), choose a smaller imageSize, or a machine with more memory.'
    return { text, changes: [] }
  }
  const text = `Start the run again with batchSize ${String(fitting)}, or on a machine with more memory.`
  return { text, changes: [{ name: 'batchSize', value: String(fitting) }] }
}

/** Of the machine or of the control group that this process is confined to; on WebAssembly no more than it can address. */
function availableBytes({ backend }: EngineInfo): number {
  const limit = process.constrainedMemory()
  const confined = limit > 0 ? limit - process.memoryUsage.rss() : Infinity
  return Math.min(freemem(), confined, backend === 'wasm' ? WASM_BYTES : Infinity)
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6).toLocaleString('en')} MB`
}
