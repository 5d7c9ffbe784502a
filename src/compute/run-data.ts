/** A dataset version's pictures as training wants them, split by split. */
import type { Manifest } from '../domain/manifest.js'
import { SPLIT_NAMES, type SplitName } from '../domain/status.js'
import type { FeatureTable } from '../features/feature-table.js'
import { sourceInMemory } from '../training/picture-source.js'
import type { PictureSource } from '../training/training.type.js'

export interface SplitPictures {
  readonly split: SplitName
  /** Lines in the manifest, from 0, in order. */
  readonly positions: readonly number[]
}

export type Splits = Readonly<Record<SplitName, SplitPictures>>

export function picturesBySplit({ entries }: Manifest): Splits {
  const pictures = (split: SplitName): SplitPictures => ({
    split,
    positions: entries.flatMap((entry, position) => (entry.split === split ? [position] : [])),
  })
  return { TRAIN: pictures('TRAIN'), VALIDATION: pictures('VALIDATION'), TEST: pictures('TEST') }
}

/** The order of a table's rows: split after split, so that each split's features lie together. */
export function pictureOrder({ entries }: Manifest, splits: Splits): string[] {
  return SPLIT_NAMES.flatMap((split) => splits[split].positions.map((position) => entries[position]?.sha256 ?? ''))
}

/** A view of the training pictures, whose table has them in their order. */
export function viewOfTraining(labels: Int32Array, { features, width }: FeatureTable): PictureSource {
  return sourceInMemory({ values: features, labels, shape: [width] })
}

/** Views into the table, whose rows are in `pictureOrder`. */
export function sourcesOf(
  { entries }: Manifest,
  splits: Splits,
  table: FeatureTable,
): Record<SplitName, PictureSource> {
  let row = 0
  const next = ({ positions }: SplitPictures): PictureSource => {
    const from = row
    row += positions.length
    return sourceInMemory({
      values: table.features.subarray(from * table.width, row * table.width),
      labels: Int32Array.from(positions, (position) => entries[position]?.classIndex ?? -1),
      shape: [table.width],
    })
  }
  return { TRAIN: next(splits.TRAIN), VALIDATION: next(splits.VALIDATION), TEST: next(splits.TEST) }
}
