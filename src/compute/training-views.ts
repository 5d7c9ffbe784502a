/** The views of the training pictures that an augmented run keeps. */
import { VIEW_COUNTS, viewName } from '../domain/augmentation.js'
import type { Hyperparameters } from '../domain/hyperparameters.js'
import type { FeatureRecipe } from '../features/feature-recipe.js'
import { viewOf, type View } from '../images/augment/view.js'
import type { PictureSource } from '../training/training.type.js'
import { viewSource } from '../training/view-source.js'

export interface KeptView {
  readonly place: NonNullable<FeatureRecipe['view']>
  /** @param picture sha256 */
  readonly view: (picture: string) => View
}

type Augmented = Pick<Hyperparameters, 'augmentation' | 'seed'>

/** Those that must be computed beside the pictures as they are: none without augmentation. */
export function keptViews({ augmentation, seed }: Augmented): KeptView[] {
  if (augmentation === 'NONE') return []
  return Array.from({ length: VIEW_COUNTS[augmentation] }, (_, number) => number).flatMap((number) => {
    const place = { augmentation, seed, number }
    return viewName(augmentation, seed, number) === null ? [] : [{ place, view: viewAt(place) }]
  })
}

export function viewAt(place: KeptView['place']): KeptView['view'] {
  return (picture) => viewOf({ ...place, picture })
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
