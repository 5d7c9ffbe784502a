/** Whether a training step fits into memory, told before the first one: a process that is killed for it cannot. */
import { freemem } from 'node:os'
import { RunError } from '../domain/failure.js'
import type { Hyperparameters } from '../domain/hyperparameters.js'
import type { EngineInfo } from '../engine/engine.type.js'
import { activationCount } from '../network/activation.count.js'
import { parameterCounts } from '../network/architecture.js'
import { cutOf, cutShape } from '../network/cut.js'
import { elementCount } from '../network/weights.js'

const FLOAT_BYTES = 4
/** Weights, their gradient and the optimiser's two moments. */
const COPIES_OF_PARAMETERS = 4
/**
 * How much of what the convolutions put out a step holds at its peak. Measured with all layers learning, at 64 and 128 px
 * and batches of 8 and 32: 2.4, and beside it 200 MB however small the batch. A check that refused what works would be
 * worse than none, so neither is rounded up much.
 */
const COPIES_OF_ACTIVATIONS = 2.5
const FIXED_BYTES = 200e6
/** Batches of inputs: the one that is computed and the one that is read ahead, each also as it was read. */
const COPIES_OF_INPUTS = 4
/** WebAssembly addresses 32 bits. */
const WASM_BYTES = 2 ** 32

type Asked = Pick<Hyperparameters, 'trainableLayers' | 'imageSize' | 'batchSize' | 'hiddenUnits' | 'dropout'>

/** Bytes of a training step at its peak, beside what the process holds anyway. */
export function stepBytes(asked: Asked, classCount: number): number {
  const { trainableLayers, imageSize, batchSize } = asked
  const cut = cutOf(trainableLayers)
  const { trainableParameterCount } = parameterCounts({ ...asked, classCount }, trainableLayers)
  const perPicture =
    COPIES_OF_ACTIVATIONS * activationCount(cut, imageSize) + COPIES_OF_INPUTS * elementCount(cutShape(cut, imageSize))
  const values = COPIES_OF_PARAMETERS * trainableParameterCount + batchSize * perPicture
  return FIXED_BYTES + FLOAT_BYTES * values
}

/** @throws RunError OUT_OF_MEMORY with the largest batchSize, halved as often as need be, that fits */
export function checkMemory(
  asked: Asked,
  {
    classCount,
    engine,
    available = availableBytes(engine),
  }: { classCount: number; engine: EngineInfo; available?: number },
): void {
  const needed = stepBytes(asked, classCount)
  if (needed <= available) return
  const message =
    `A step of ${String(asked.batchSize)} pictures at ${String(asked.imageSize)} px, ${asked.trainableLayers} learning, ` +
    `takes about ${megabytes(needed)} of memory; ${megabytes(available)} are there.`
  throw new RunError('OUT_OF_MEMORY', message, suggestion(asked, { classCount, available }))
}

function suggestion(
  asked: Asked,
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
