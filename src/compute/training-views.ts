/** The views of the training pictures that an augmented run keeps. */
import { VIEW_COUNTS, viewName } from '../domain/augmentation.js'
import type { Hyperparameters } from '../domain/hyperparameters.js'
import { viewOf, type View } from '../images/augment/view.js'
import type { PictureSource } from '../training/training.type.js'
import { viewSource } from '../training/view-source.js'

export interface KeptView {
  /** Part of the key of its features. */
  readonly name: string
  /** @param picture sha256 */
  readonly view: (picture: string) => View
}

type Augmented = Pick<Hyperparameters, 'augmentation' | 'seed'>

/** Those that must be computed beside the pictures as they are: none without augmentation. */
export function keptViews({ augmentation, seed }: Augmented): KeptView[] {
  if (augmentation === 'NONE') return []
  return Array.from({ length: VIEW_COUNTS[augmentation] }, (_, number) => number).flatMap((number) => {
    const name = viewName(augmentation, seed, number)
    const view = (picture: string): View => viewOf({ augmentation, seed, picture, number })
    return name === null ? [] : [{ name, view }]
  })
}

/**
 * What a run learns from: every epoch one view of each picture.
 * @param plain the pictures as they are, which are one of FLIP's views
 * @param views in the order of `keptViews`
 */
export function augmentedSource(
  { augmentation, seed }: Augmented,
  plain: PictureSource,
  views: readonly PictureSource[],
): PictureSource {
  if (augmentation === 'NONE') return plain
  return viewSource(plain, augmentation === 'FLIP' ? [plain, ...views] : views, seed)
}
