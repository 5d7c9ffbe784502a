/** The resume state as bytes: one safetensors file, so that it is as safe to read as any weights. */
import { z } from 'zod'
import { readSafetensors, readSafetensorsMetadata, writeSafetensors } from '../network/safetensors.js'
import { WeightsError, type StateDict, type Tensor } from '../network/weights.js'
import type { ResumeState } from './training.type.js'

const FORMAT = 'graft-resume-1'
const metadata = z.object({
  format: z.literal(FORMAT),
  epoch: z.coerce.number().int().min(0),
  validationLosses: z.string().transform((text) => z.array(z.number()).parse(JSON.parse(text))),
})

/** @param texts kept beside the state, and not read back */
export function writeResume(
  { epoch, validationLosses, network, optimizer }: ResumeState,
  texts: Readonly<Record<string, string>> = {},
): Buffer {
  const tensors = new Map([...prefixed('network.', network), ...prefixed('optimizer.', optimizer)])
  return writeSafetensors(tensors, {
    ...texts,
    format: FORMAT,
    epoch: String(epoch),
    // JSON writes a double so that reading gives the same one.
    validationLosses: JSON.stringify(validationLosses),
  })
}

/** @throws WeightsError where the bytes are no resume state */
export function readResume(bytes: Uint8Array): ResumeState {
  const parsed = metadata.safeParse(readSafetensorsMetadata(bytes))
  if (!parsed.success) throw new WeightsError('Not a resume state.')
  const tensors = readSafetensors(bytes)
  return {
    epoch: parsed.data.epoch,
    validationLosses: parsed.data.validationLosses,
    network: below('network.', tensors),
    optimizer: below('optimizer.', tensors),
  }
}

function prefixed(prefix: string, tensors: StateDict): [string, Tensor][] {
  return [...tensors].map(([name, tensor]) => [prefix + name, tensor])
}

function below(prefix: string, tensors: StateDict): StateDict {
  const chosen = [...tensors].filter(([name]) => name.startsWith(prefix))
  return new Map(chosen.map(([name, tensor]) => [name.slice(prefix.length), tensor]))
}
