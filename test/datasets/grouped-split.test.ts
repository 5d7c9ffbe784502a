import { describe, expect, it } from 'vitest'
import { splitInGroups } from '../../src/datasets/grouped-split.js'
import { splitPictures, type SplitPlan } from '../../src/datasets/splits.js'
import { digestOf } from '../runs/rows.js'

const THIRDS = { kind: 'fractions', train: 0.8, validation: 0.1, test: 0.1 } as const
const plan: SplitPlan = { classNames: ['cat', 'dog'], choice: THIRDS, seed: 4 }

function pictures(perClass: number) {
  return plan.classNames.flatMap((label) =>
    Array.from({ length: perClass }, (_, i) => ({ sha256: digestOf(`${label} ${String(i)}`), label, folder: null })),
  )
}

function split(all: ReturnType<typeof pictures>, groups: number[][], options: Partial<SplitPlan> = {}) {
  const result = splitInGroups(all, groups, { ...plan, ...options })
  if ('refusal' in result) throw new Error(result.message)
  return result
}

const bySha = (placed: readonly { sha256: string; split: string; classIndex: number }[]) =>
  placed.map((each) => [each.sha256, each.split, each.classIndex]).sort()

function sizes(placed: readonly { label: string; split: string }[], label: string): number[] {
  return ['TRAIN', 'VALIDATION', 'TEST'].map(
    (name) => placed.filter((each) => each.label === label && each.split === name).length,
  )
}

describe('a split that keeps duplicates together', () => {
  it('is the plain one where there are no groups', () => {
    const all = pictures(57)
    const plain = splitPictures(all, plan)
    if ('refusal' in plain) throw new Error(plain.message)
    expect(bySha(split(all, []).placed)).toEqual(bySha(plain))
  })

  it('has each group in one part and every part as large as without, also across classes', () => {
    const all = pictures(100)
    const groups = Array.from({ length: 20 }, (_, i) => [3 * i, 3 * i + 1, 3 * i + 2]).concat(
      Array.from({ length: 10 }, (_, i) => [70 + i, 170 + i]),
    )
    const { placed, groupCount, imageCount } = split(all, groups)
    expect({ groupCount, imageCount }).toEqual({ groupCount: 30, imageCount: 80 })
    const parts = new Map(placed.map((each) => [each.sha256, each.split]))
    const partsOfGroups = groups.map((group) => new Set(group.map((i) => parts.get(all[i]?.sha256 ?? ''))))
    expect(partsOfGroups.every((each) => each.size === 1)).toBe(true)
    for (const label of plan.classNames) expect(sizes(placed, label)).toEqual([80, 10, 10])
    const grouped = new Set(partsOfGroups.map((each) => [...each][0]))
    expect(grouped).toEqual(new Set(['TRAIN', 'VALIDATION', 'TEST']))
  })

  it('depends on the pictures and the seed, not on their order or that of the groups', () => {
    const all = pictures(60)
    const groups = Array.from({ length: 12 }, (_, i) => [i, 60 + i, 20 + i])
    const turned = [...all].reverse()
    const again = groups.map((group) => group.map((i) => all.length - 1 - i).reverse()).reverse()
    const placed = bySha(split(all, groups).placed)
    expect(bySha(split(turned, again).placed)).toEqual(placed)
    expect(bySha(split(all, groups, { seed: 5 }).placed)).not.toEqual(placed)
  })

  it('leaves a group out as a whole where counts leave pictures out', () => {
    const all = pictures(30)
    const groups = [[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]]
    const choice = { kind: 'perClass', train: 10, validation: 3, test: 2 } as const
    const { placed } = split(all, groups, { choice })
    expect(placed.filter((each) => groups[0]?.some((i) => all[i]?.sha256 === each.sha256))).toEqual([])
    expect(sizes(placed, 'cat')).toEqual([10, 3, 2])
  })

  it('refuses a class that is nothing but duplicates of one another', () => {
    const all = pictures(20)
    const whole = Array.from({ length: 20 }, (_, i) => i)
    expect(splitInGroups(all, [whole], plan)).toMatchObject({ refusal: 'DatasetTooSmall', label: 'cat' })
  })

  it('goes on with groups that are larger than any other part', () => {
    const all = pictures(40)
    const large = Array.from({ length: 35 }, (_, i) => i)
    const { placed } = split(all, [large])
    const parts = new Map(placed.map((each) => [each.sha256, each.split]))
    expect(new Set(large.map((i) => parts.get(all[i]?.sha256 ?? '')))).toEqual(new Set(['TRAIN']))
    expect(sizes(placed, 'cat')[1]).toBe(4)
  })
})
