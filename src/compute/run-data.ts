/** A dataset version's pictures as training wants them, split by split. */
import type { Manifest } from '../domain/manifest.js'
import { SPLIT_NAMES, type SplitName } from '../domain/status.js'
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

/** Split after split, what is read every epoch first: it is kept first. */
export function pictureOrder({ entries }: Manifest, splits: Splits): string[] {
  return SPLIT_NAMES.flatMap((split) => splits[split].positions.map((position) => entries[position]?.sha256 ?? ''))
}

/** What a network takes of each picture, row by row. */
export interface PictureInputs {
  readonly shape: PictureSource['shape']
  /** @returns [rows.length, ...shape] in single precision */
  read(rows: Uint32Array): Promise<Float32Array>
}

/** @param inputs rows in `pictureOrder` */
export function sourcesOf(
  { entries }: Manifest,
  splits: Splits,
  inputs: PictureInputs,
): Record<SplitName, PictureSource> {
  let row = 0
  const next = ({ positions }: SplitPictures): PictureSource => {
    const first = row
    row += positions.length
    return {
      count: positions.length,
      labels: Int32Array.from(positions, (position) => entries[position]?.classIndex ?? -1),
      shape: inputs.shape,
      read: (rows) => inputs.read(rows.map((each) => first + each)),
    }
  }
  return { TRAIN: next(splits.TRAIN), VALIDATION: next(splits.VALIDATION), TEST: next(splits.TEST) }
}
