/** The weights that a run starts from. */
import type { CheckpointFile } from '../training/checkpoint-file.js'
import type { Hyperparameters } from '../domain/hyperparameters.js'
import { trainedTensorNames } from '../network/cut.js'
import { drawHead, linearLayers, type HeadSpec } from '../network/head.js'
import { tensorOf, type StateDict, type Tensor } from '../network/weights.js'

export interface NetworkStart {
  readonly hyperparameters: Hyperparameters
  readonly classNames: readonly string[]
  /** That the run is pinned to; looked at only where a part of it learns. */
  readonly trunk: StateDict
}

/** The head and what learns of the trunk. @param checkpoint that the run starts from, if it does */
export function startNetwork({ trunk, ...start }: NetworkStart, checkpoint: CheckpointFile | null): StateDict {
  const { parameters, statistics } = trainedTensorNames(start.hyperparameters.trainableLayers)
  const learning = [...parameters, ...statistics].map((name): [string, Tensor] => [name, tensorOf(trunk, name)])
  return new Map([...startHead(start, checkpoint), ...learning])
}

/**
 * A new head, or that of a checkpoint: other hidden layers draw the whole head anew, other class names or another order
 * of them its last layer.
 */
function startHead(
  { hyperparameters, classNames }: Omit<NetworkStart, 'trunk'>,
  checkpoint: CheckpointFile | null,
): StateDict {
  const { hiddenUnits, dropout, seed } = hyperparameters
  const spec: HeadSpec = { hiddenUnits, dropout, classCount: classNames.length }
  const drawn = drawHead(spec, seed)
  if (checkpoint === null) return drawn
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
