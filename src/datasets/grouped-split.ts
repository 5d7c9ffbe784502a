/**
 * Splits that keep duplicates together: each group plays one part. As evenly as that allows, and where there are no groups
 * exactly as without. A function of the pictures, their labels, the groups and the seed alone.
 */
import { randomKey, randomStream } from '../domain/random.js'
import type { RefusalOf } from '../domain/refusals.js'
import { SPLIT_NAMES, type SplitName } from '../domain/status.js'
import { drawParts, splitPictures, type Placed, type Splittable, type SplitPlan } from './splits.js'

/** Pictures that are left, or wanted, by class and split. */
type Counts = Record<SplitName, number>[]

export interface GroupedSplit<Picture> {
  readonly placed: Placed<Picture>[]
  /** Groups of two or more pictures that take part, and their pictures. */
  readonly groupCount: number
  readonly imageCount: number
}

/** @param groups of indices of `pictures`, none in two of them */
export function splitInGroups<Picture extends Splittable>(
  pictures: readonly Picture[],
  groups: readonly (readonly number[])[],
  plan: SplitPlan,
): GroupedSplit<Picture> | RefusalOf<'DatasetTooSmall'> {
  const alone = splitPictures(pictures, plan)
  if ('refusal' in alone) return alone
  const wanted = countByClass(alone, plan.classNames.length)
  const members = groups.map((group) => membersOf(group, pictures, plan)).filter((group) => group.length > 1)
  members.sort((a, b) => b.length - a.length || (firstOf(a) < firstOf(b) ? -1 : 1))
  const left = wanted.map((counts) => ({ ...counts }))
  const placed = members.flatMap((group) => placeGroup(group, { wanted, left, plan }))
  const grouped = new Set(members.flat().map((member) => member.sha256))
  const singles = pictures.filter((picture) => !grouped.has(picture.sha256))
  for (const [classIndex, label] of plan.classNames.entries()) {
    const ofClass = singles.filter((picture) => picture.label === label)
    const parts = drawParts(ofClass, { label, seed: plan.seed, counts: left[classIndex] as Counts[0] })
    for (const { picture, split } of parts) placed.push({ ...picture, classIndex, split })
  }
  return lacking(placed, wanted, plan) ?? { placed, groupCount: members.length, imageCount: grouped.size }
}

type Member<Picture> = Picture & { readonly classIndex: number }

/** Those of classes that take part, by sha256. */
function membersOf<Picture extends Splittable>(
  group: readonly number[],
  pictures: readonly Picture[],
  { classNames }: SplitPlan,
): Member<Picture>[] {
  const members = group.map((i) => pictures[i] as Picture)
  return members
    .map((picture) => ({ ...picture, classIndex: classNames.indexOf(picture.label) }))
    .filter((member) => member.classIndex >= 0)
    .sort((a, b) => (a.sha256 < b.sha256 ? -1 : 1))
}

function firstOf(group: readonly Splittable[]): string {
  return group[0]?.sha256 ?? ''
}

interface Placing {
  readonly wanted: Counts
  readonly left: Counts
  readonly plan: SplitPlan
}

/** Into a part drawn by the parts' sizes, if there is room in it; else into another; nowhere only where pictures are left out anyway. */
function placeGroup<Picture extends Splittable>(
  group: readonly Member<Picture>[],
  { wanted, left, plan }: Placing,
): Placed<Picture>[] {
  const needed = plan.classNames.map((_, j) => group.filter((member) => member.classIndex === j).length)
  const room = (split: SplitName): number =>
    Math.min(...needed.flatMap((count, j) => (count === 0 ? [] : [(left[j]?.[split] ?? 0) - count])))
  const drawn = drawSplit(group, { wanted, plan })
  const fitting = [drawn, ...SPLIT_NAMES].find((split) => room(split) >= 0)
  const leavesOut = plan.choice.kind === 'perClass'
  const roomiest = [...SPLIT_NAMES].sort((a, b) => room(b) - room(a))[0]
  const split = fitting ?? (leavesOut ? undefined : roomiest)
  if (split === undefined) return []
  for (const { classIndex } of group) (left[classIndex] as Counts[0])[split] -= 1
  return group.map((member) => ({ ...member, split }))
}

function drawSplit(
  group: readonly Member<Splittable>[],
  { wanted, plan }: { wanted: Counts; plan: SplitPlan },
): SplitName {
  const classes = [...new Set(group.map((member) => member.classIndex))]
  const size = (split: SplitName): number => classes.reduce((sum, j) => sum + (wanted[j]?.[split] ?? 0), 0)
  const sizes = SPLIT_NAMES.map(size)
  // Keyed by its first picture, so that no other group matters.
  const draw = randomStream(randomKey(plan.seed, `duplicates ${firstOf(group)}`))
  let at = draw() * sizes.reduce((sum, each) => sum + each, 0)
  return SPLIT_NAMES.find((_, i) => (at -= sizes[i] as number) < 0) ?? 'TRAIN'
}

function countByClass(placed: readonly Placed<Splittable>[], classCount: number): Counts {
  const counts = Array.from({ length: classCount }, () => ({ TRAIN: 0, VALIDATION: 0, TEST: 0 }))
  for (const { classIndex, split } of placed) (counts[classIndex] as Counts[0])[split] += 1
  return counts
}

/** A class may be nothing but duplicates of one another. */
function lacking(
  placed: readonly Placed<Splittable>[],
  wanted: Counts,
  { classNames }: SplitPlan,
): RefusalOf<'DatasetTooSmall'> | null {
  const counts = countByClass(placed, classNames.length)
  for (const [j, label] of classNames.entries()) {
    for (const split of SPLIT_NAMES) {
      if ((counts[j]?.[split] ?? 0) > 0 || wanted[j]?.[split] === 0) continue
      const message = `"${label}" has too few pictures that are no duplicates of each other: none is left for ${split}. Add some, or do not keep duplicates together.`
      return { refusal: 'DatasetTooSmall', message, label, needed: 1, found: 0 }
    }
  }
  return null
}
