/** By what a version may tell which pictures belong together. */
import { counted } from '../domain/counted.js'
import { invalidInput, type RefusalOf } from '../domain/refusals.js'
import { groupByHash } from '../inspection/duplicates.js'
import type { Moment, Picture } from './dataset-version.repository.js'

export const DUPLICATE_EVIDENCE = ['HASH', 'HEALTH'] as const
export type DuplicateEvidence = (typeof DUPLICATE_EVIDENCE)[number]

/** @returns groups of indices of the pictures */
export async function duplicatesOf(
  pictures: readonly Picture[],
  evidence: DuplicateEvidence,
  moment: Moment,
): Promise<number[][] | RefusalOf<'InvalidInput'>> {
  return evidence === 'HASH' ? byHash(pictures) : byHealth(pictures, await moment.duplicates())
}

async function byHash(pictures: readonly Picture[]): Promise<number[][] | RefusalOf<'InvalidInput'>> {
  const unknown = pictures.filter((picture) => picture.perceptualHash === null).length
  if (unknown === 0) return groupByHash(pictures.map((picture) => picture.perceptualHash))
  return refused(`${counted(unknown, 'picture')} without a perceptual hash: inspectDataset makes it.`)
}

function byHealth(
  pictures: readonly Picture[],
  groups: readonly string[][] | null,
): number[][] | RefusalOf<'InvalidInput'> {
  if (groups === null) {
    return refused("The dataset's health is not current: ask for it with inspectDataset, and wait for its end.")
  }
  const indices = new Map(pictures.map((picture, i) => [picture.id, i]))
  return groups.map((group) => group.flatMap((id) => indices.get(id) ?? []))
}

function refused(message: string): RefusalOf<'InvalidInput'> {
  return invalidInput([{ path: ['keepDuplicatesTogether'], message }])
}
