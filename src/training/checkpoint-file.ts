/** A checkpoint's file: the tensors that were trained in safetensors, and all that is needed to use them as metadata. */
import { z } from 'zod'
import { readHyperparameters, type Hyperparameters } from '../domain/hyperparameters.js'
import { readSafetensors, readSafetensorsMetadata, writeSafetensors } from '../network/safetensors.js'
import { WeightsError, type StateDict, type Tensor } from '../network/weights.js'

export interface CheckpointFile {
  /** Makes the bytes this run's own, so that deleting them takes nothing from another run. */
  readonly runId: string
  readonly epoch: number
  /** In the order of the network's outputs. */
  readonly classNames: readonly string[]
  readonly hyperparameters: Hyperparameters
  /** The trunk that the run is pinned to. */
  readonly trunkSha256: string
  readonly preprocessingVersion: number
  /** `fc.N.weight` [out, in] and `fc.N.bias` [out]. */
  readonly head: StateDict
  /** What takes the place of the trunk's own above the cut, all four tensors of a batch norm; empty where the head learnt. */
  readonly trunk: StateDict
}

const FORMAT = 'graft-checkpoint-1'
const json = z.string().transform((text): unknown => JSON.parse(text))
const metadata = z.object({
  format: z.literal(FORMAT),
  runId: z.string(),
  epoch: z.coerce.number().int(),
  classNames: json.pipe(z.array(z.string())),
  hyperparameters: json,
  trunkSha256: z.string(),
  preprocessingVersion: z.coerce.number().int(),
})

export function writeCheckpoint({ head, trunk, classNames, hyperparameters, ...rest }: CheckpointFile): Buffer {
  return writeSafetensors(new Map([...head, ...trunk]), {
    format: FORMAT,
    runId: rest.runId,
    epoch: String(rest.epoch),
    classNames: JSON.stringify(classNames),
    hyperparameters: JSON.stringify(hyperparameters),
    imageSize: String(hyperparameters.imageSize),
    trunkSha256: rest.trunkSha256,
    preprocessingVersion: String(rest.preprocessingVersion),
  })
}

/** @throws WeightsError where the bytes are no checkpoint of ours */
export function readCheckpoint(bytes: Uint8Array): CheckpointFile {
  const parsed = metadata.safeParse(readSafetensorsMetadata(bytes))
  if (!parsed.success) throw new WeightsError('Not a checkpoint.')
  const { format: _, hyperparameters, ...rest } = parsed.data
  return { ...rest, ...networkParts(readSafetensors(bytes)), hyperparameters: readHyperparameters(hyperparameters) }
}

export function networkParts(network: StateDict): Pick<CheckpointFile, 'head' | 'trunk'> {
  const isHead = ([name]: [string, Tensor]): boolean => name.startsWith('fc.')
  return {
    head: new Map([...network].filter(isHead)),
    trunk: new Map([...network].filter((entry) => !isHead(entry))),
  }
}
