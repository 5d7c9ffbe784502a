/** How pictures are varied while training: so many views of each are kept, and every epoch takes one. */
import type { Hyperparameters } from './hyperparameters.js'

export type Augmentation = Hyperparameters['augmentation']
/** Those that vary pictures. */
export type Variety = Exclude<Augmentation, 'NONE'>

/** Raise it whenever the same draws would make another picture: it is part of the kept views' key. */
export const RECIPE_VERSION = 1

/**
 * More views teach more and cost as much again to compute once: with n of them a picture is seen in a kept view about
 * epochs / n times. FLIP needs no more than the picture and its mirror image.
 */
export const VIEW_COUNTS: Readonly<Record<Variety, number>> = { FLIP: 2, STANDARD: 4, STRONG: 8 }

/** What names a view in the key of kept features; null for the picture as it is. */
export function viewName(augmentation: Variety, seed: number, number: number): string | null {
  if (augmentation === 'FLIP') return number === 0 ? null : `FLIP ${String(RECIPE_VERSION)}`
  return `${augmentation} ${String(RECIPE_VERSION)} seed ${String(seed)} number ${String(number)}`
}
