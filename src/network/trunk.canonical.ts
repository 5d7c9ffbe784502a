/** A trunk's one true file, so that equal tensors have equal names whatever file they came in. */
import { writeSafetensors } from './safetensors.js'
import { checkTrunk, isTrunkTensor } from './trunk.check.js'
import type { StateDict } from './weights.js'
import { sha256Of } from '../domain/digest.js'

export interface CanonicalTrunk {
  /** safetensors: F32, ordered by name, without classifier, counters and metadata. */
  bytes: Buffer
  /** Of `bytes`, in hexadecimal: the trunk's identity and its address in storage. */
  sha256: string
}

/** @throws WeightsError if these are not a ResNet-50's weights */
export function canonicalTrunk(trunk: StateDict): CanonicalTrunk {
  checkTrunk(trunk)
  const bytes = writeSafetensors(new Map([...trunk].filter(([name]) => isTrunkTensor(name))))
  return { bytes, sha256: sha256Of(bytes) }
}
