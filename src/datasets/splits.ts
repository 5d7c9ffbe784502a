/** Which picture of each class plays which part. A function of the pictures, their labels and the seed alone. */
import { counted } from '../domain/counted.js'
import { randomKey, randomPermutation } from '../domain/random.js'
import type { RefusalOf } from '../domain/refusals.js'
import type { SplitName } from '../domain/status.js'
import type { SplitChoice } from './split-choice.js'

export interface Splittable {
  readonly sha256: string
  readonly label: string
  /** The split folder it lay in. */
  readonly folder: SplitName | null
}

export interface SplitPlan {
  readonly classNames: readonly string[]
  readonly choice: SplitChoice
  readonly seed: number
}

export type Placed<Picture> = Picture & { readonly classIndex: number; readonly split: SplitName }
type TooSmall = RefusalOf<'DatasetTooSmall'>

/** Pictures of the classes that take part, in class order, each with its split; those left out are not among them. */
export function splitPictures<Picture extends Splittable>(
  pictures: readonly Picture[],
  { classNames, choice, seed }: SplitPlan,
): Placed<Picture>[] | TooSmall {
  const byLabel = new Map<string, Picture[]>(classNames.map((label) => [label, []]))
  for (const picture of pictures) byLabel.get(picture.label)?.push(picture)
  const placed: Placed<Picture>[] = []
  for (const [classIndex, label] of classNames.entries()) {
    const ofClass = byLabel.get(label) ?? []
    const parts = choice.kind === 'fromFolders' ? byFolder(label, ofClass) : drawn(label, ofClass, { choice, seed })
    if ('refusal' in parts) return parts
    for (const { picture, split } of parts) placed.push({ ...picture, classIndex, split })
  }
  return placed
}

type Parts<Picture> = { picture: Picture; split: SplitName }[]

function byFolder<Picture extends Splittable>(label: string, pictures: readonly Picture[]): Parts<Picture> | TooSmall {
  const parts = pictures.flatMap((picture) => (picture.folder === null ? [] : [{ picture, split: picture.folder }]))
  for (const split of ['TRAIN', 'VALIDATION'] as const) {
    if (parts.some((part) => part.split === split)) continue
    const message = `No picture of "${label}" lies in a ${split.toLowerCase()} folder; add one, or leave the class out with classNames.`
    return { refusal: 'DatasetTooSmall', message, label, needed: 1, found: 0 }
  }
  return parts
}

function drawn<Picture extends Splittable>(
  label: string,
  pictures: readonly Picture[],
  { choice, seed }: { choice: Exclude<SplitChoice, { kind: 'fromFolders' }>; seed: number },
): Parts<Picture> | TooSmall {
  const found = pictures.length
  const counts = countsOf(choice, found)
  if (counts === undefined) {
    const needed = leastFor(choice, found)
    const message = `"${label}" has ${counted(found, 'picture')} and the split needs ${String(needed)}; add some, choose another split, or leave the class out with classNames.`
    return { refusal: 'DatasetTooSmall', message, label, needed, found }
  }
  return drawParts(pictures, { label, seed, counts })
}

/** Pictures by the part that they are to play. */
type Counts = Readonly<Record<SplitName, number>>

/**
 * Pictures of one class, each drawn for a part until `counts` are met or none is left. Keyed by the label's text, so that
 * neither the order of the classes nor the others among them matter.
 */
export function drawParts<Picture extends Splittable>(
  pictures: readonly Picture[],
  { label, seed, counts }: { label: string; seed: number; counts: Counts },
): Parts<Picture> {
  const sorted = [...pictures].sort((a, b) => (a.sha256 < b.sha256 ? -1 : 1))
  const order = randomPermutation(randomKey(seed, `split ${label}`), sorted.length)
  const names = (['VALIDATION', 'TEST', 'TRAIN'] as const).flatMap((split) =>
    Array<SplitName>(Math.max(0, counts[split])).fill(split),
  )
  return names.slice(0, sorted.length).map((split, i) => ({ picture: sorted[order[i] as number] as Picture, split }))
}

/** How many of n pictures go where; undefined where they are too few. */
function countsOf(choice: Exclude<SplitChoice, { kind: 'fromFolders' }>, n: number): Counts | undefined {
  if (choice.kind === 'perClass') {
    const { train, validation, test } = choice
    return train + validation + test <= n ? { TRAIN: train, VALIDATION: validation, TEST: test } : undefined
  }
  const VALIDATION = Math.max(1, Math.round(n * choice.validation))
  const TEST = choice.test > 0 ? Math.max(1, Math.round(n * choice.test)) : 0
  const TRAIN = n - VALIDATION - TEST
  return TRAIN >= 1 ? { TRAIN, VALIDATION, TEST } : undefined
}

/** Fractions may leave next to nothing to train on, or nothing at all: nobody looks for more pictures than this. */
const MOST_NEEDED = 1_000_000
/** The greatest number that the API can name. */
const MAX_INT = 2 ** 31 - 1

/** The least number of pictures above `found` that is enough. */
function leastFor(choice: Exclude<SplitChoice, { kind: 'fromFolders' }>, found: number): number {
  if (choice.kind === 'perClass') return Math.min(choice.train + choice.validation + choice.test, MAX_INT)
  let n = found + 1
  while (n < MOST_NEEDED && countsOf(choice, n) === undefined) n++
  return n
}
