/** The weights that a run's head starts from. */
import { readCheckpoint, type CheckpointFile } from '../training/checkpoint-file.js'
import type { Hyperparameters } from '../domain/hyperparameters.js'
import { drawHead, linearLayers, type HeadSpec } from '../network/head.js'
import type { StateDict } from '../network/weights.js'

export interface StartHead {
  readonly hyperparameters: Hyperparameters
  readonly classNames: readonly string[]
}

/**
 * A new head, or that of a checkpoint: other hidden layers draw the whole head anew, other class names or another order
 * of them its last layer.
 */
export function startHead({ hyperparameters, classNames }: StartHead, from: Uint8Array | null): StateDict {
  const { hiddenUnits, dropout, seed } = hyperparameters
  const spec: HeadSpec = { hiddenUnits, dropout, classCount: classNames.length }
  const drawn = drawHead(spec, seed)
  if (from === null) return drawn
  const checkpoint = readCheckpoint(from)
  if (!sameList(checkpoint.hyperparameters.hiddenUnits, hiddenUnits)) return drawn
  if (sameList(checkpoint.classNames, classNames)) return checkpoint.head
  return withLastLayer(checkpoint, drawn, spec)
}

function withLastLayer({ head }: CheckpointFile, drawn: StateDict, spec: HeadSpec): StateDict {
  const last = `fc.${String(linearLayers(spec).at(-1)?.index)}.`
  return new Map(
    [...drawn].map(([name, tensor]) => [name, name.startsWith(last) ? tensor : (head.get(name) ?? tensor)]),
  )
}

function sameList(a: readonly (string | number)[], b: readonly (string | number)[]): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i])
}
