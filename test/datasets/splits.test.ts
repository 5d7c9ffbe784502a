import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { splitChoice, splitIssues } from '../../src/datasets/split-choice.js'
import { splitPictures } from '../../src/datasets/splits.js'
import { isRefusal } from '../../src/domain/refusals.js'
import type { SplitName } from '../../src/domain/status.js'

function pictures(label: string, count: number, folder: SplitName | null = null) {
  return Array.from({ length: count }, (_, i) => ({
    sha256: createHash('sha256')
      .update(`${label} ${String(i)}`)
      .digest('hex'),
    label,
    folder,
  }))
}

function placed(all: ReturnType<typeof pictures>, options: Partial<Parameters<typeof splitPictures>[1]> = {}) {
  const result = splitPictures(all, { classNames: ['cat', 'dog'], choice: splitChoice(null), seed: 0, ...options })
  if (isRefusal(result)) throw new Error(result.message)
  return result
}

function sizes(result: { label: string; split: string }[], label: string): number[] {
  return ['TRAIN', 'VALIDATION', 'TEST'].map(
    (split) => result.filter((each) => each.label === label && each.split === split).length,
  )
}

function splitsBySha(result: { sha256: string; split: string }[]): Record<string, string> {
  return Object.fromEntries(result.map((each) => [each.sha256, each.split] as const))
}

describe('splits', () => {
  it('take the default fractions of each class, rounded, and give train the rest', () => {
    const result = placed([...pictures('cat', 25), ...pictures('dog', 104)])
    expect(sizes(result, 'cat')).toEqual([19, 3, 3])
    expect(sizes(result, 'dog')).toEqual([84, 10, 10])
  })

  it('give validation and test a picture each, however few there are', () => {
    expect(sizes(placed([...pictures('cat', 3), ...pictures('dog', 4)]), 'cat')).toEqual([1, 1, 1])
  })

  it('leave test empty where its fraction is 0', () => {
    const choice = splitChoice({ fractions: { train: 0.5, validation: 0.5, test: 0 } })
    expect(sizes(placed([...pictures('cat', 2), ...pictures('dog', 9)], { choice }), 'dog')).toEqual([4, 5, 0])
  })

  it('say which class is too small, what it has and what it needs', () => {
    const result = splitPictures([...pictures('cat', 5), ...pictures('dog', 2)], {
      classNames: ['cat', 'dog'],
      choice: splitChoice(null),
      seed: 0,
    })
    expect(result).toMatchObject({ refusal: 'DatasetTooSmall', label: 'dog', needed: 3, found: 2 })
  })

  it('depend on the pictures, labels and seed, not on their order nor on the order of the classes', () => {
    const all = [...pictures('cat', 40), ...pictures('dog', 40)]
    const there = splitsBySha(placed(all, { seed: 7 }))
    expect(splitsBySha(placed(all.toReversed(), { seed: 7, classNames: ['dog', 'cat'] }))).toEqual(there)
    expect(splitsBySha(placed(all, { seed: 8 }))).not.toEqual(there)
  })

  it('leave the pictures beyond perClass out', () => {
    const choice = splitChoice({ perClass: { train: 4, validation: 2, test: 1 } })
    const result = placed([...pictures('cat', 10), ...pictures('dog', 7)], { choice })
    expect(sizes(result, 'cat')).toEqual([4, 2, 1])
    expect(result).toHaveLength(14)
    const small = splitPictures(pictures('cat', 6), { classNames: ['cat'], choice, seed: 0 })
    expect(small).toMatchObject({ refusal: 'DatasetTooSmall', label: 'cat', needed: 7, found: 6 })
  })

  it.each([
    [{ fractions: { train: 1e-7, validation: 1, test: 0 } }, 1_000_000],
    [{ perClass: { train: 2 ** 31 - 1, validation: 2 ** 31 - 1, test: 0 } }, 2 ** 31 - 1],
  ])('that no number of pictures, or none that has a name, is enough for are refused: %j', (input, needed) => {
    expect(splitIssues(input)).toEqual([])
    const choice = splitChoice(input)
    const refused = splitPictures(pictures('cat', 6), { classNames: ['cat'], choice, seed: 0 })
    expect(refused).toMatchObject({ refusal: 'DatasetTooSmall', needed, found: 6 })
  })

  it('follow folders, take only what lay in one, and need train and validation of every class', () => {
    const choice = splitChoice({ fromFolders: true })
    const both = ['cat', 'dog'].flatMap((label) => [
      ...pictures(label, 2, 'TRAIN'),
      ...pictures(label, 3, 'VALIDATION').slice(2),
      ...pictures(label, 5).slice(3),
    ])
    expect(sizes(placed(both, { choice }), 'dog')).toEqual([2, 1, 0])
    const trainOnly = [...both.filter((each) => each.label === 'cat'), ...pictures('dog', 2, 'TRAIN')]
    const refused = splitPictures(trainOnly, { classNames: ['cat', 'dog'], choice, seed: 0 })
    expect(refused).toMatchObject({ refusal: 'DatasetTooSmall', label: 'dog', needed: 1, found: 0 })
  })

  it.each([
    [{ fractions: { train: 0.8, validation: 0.1, test: 0.2 } }, [['split', 'fractions']]],
    [
      { fractions: { train: 1.2, validation: 0, test: -0.2 } },
      [
        ['split', 'fractions', 'train'],
        ['split', 'fractions', 'validation'],
        ['split', 'fractions', 'test'],
      ],
    ],
    [
      { perClass: { train: 0, validation: 1, test: -1 } },
      [
        ['split', 'perClass', 'train'],
        ['split', 'perClass', 'test'],
      ],
    ],
    [{ fromFolders: false }, [['split', 'fromFolders']]],
    [{ fractions: { train: 0.7, validation: 0.2, test: 0.1 } }, []],
    [{ fractions: { train: NaN, validation: 0.2, test: 0.1 } }, [['split', 'fractions', 'train']]],
  ])('name every issue of %j', (input, paths) => {
    expect(splitIssues(input).map((issue) => issue.path)).toEqual(paths)
  })
})
