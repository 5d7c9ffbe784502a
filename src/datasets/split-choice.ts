/** What a caller may ask of a split, checked. */
import type { InputIssue } from '../domain/refusals.js'

interface Parts {
  readonly train: number
  readonly validation: number
  readonly test: number
}

export type SplitChoice =
  ({ readonly kind: 'fractions' } & Parts) | ({ readonly kind: 'perClass' } & Parts) | { readonly kind: 'fromFolders' }

/** Exactly one member is there: the schema sees to it. */
export interface SplitInput {
  readonly fractions?: Parts
  readonly perClass?: Parts
  readonly fromFolders?: boolean
}

const DEFAULT: SplitChoice = { kind: 'fractions', train: 0.8, validation: 0.1, test: 0.1 }
const PARTS = ['train', 'validation', 'test'] as const
const SUM_TOLERANCE = 1e-6

export function splitChoice(input: SplitInput | null | undefined): SplitChoice {
  if (input?.fractions) return { kind: 'fractions', ...partsOf(input.fractions) }
  if (input?.perClass) return { kind: 'perClass', ...partsOf(input.perClass) }
  return input?.fromFolders === undefined ? DEFAULT : { kind: 'fromFolders' }
}

function partsOf({ train, validation, test }: Parts): Parts {
  return { train, validation, test }
}

export function splitIssues(input: SplitInput | null | undefined): InputIssue[] {
  if (input?.fractions) return fractionIssues(input.fractions)
  if (input?.perClass) return countIssues(input.perClass)
  if (input?.fromFolders !== false) return []
  return [{ path: ['split', 'fromFolders'], message: 'Only true makes sense; leave split out for the default.' }]
}

function fractionIssues(parts: Parts): InputIssue[] {
  const path = ['split', 'fractions']
  const issues = PARTS.flatMap((part) => {
    const value = parts[part]
    if (!(value >= 0 && value <= 1)) return [{ path: [...path, part], message: 'A fraction is between 0 and 1.' }]
    return aboveZero(path, part, value)
  })
  const sum = parts.train + parts.validation + parts.test
  if (issues.length > 0 || Math.abs(sum - 1) <= SUM_TOLERANCE) return issues
  return [{ path, message: `The fractions sum to 1, not to ${String(Number(sum.toPrecision(9)))}.` }]
}

function countIssues(parts: Parts): InputIssue[] {
  const path = ['split', 'perClass']
  return PARTS.flatMap((part) => {
    const value = parts[part]
    if (value < 0) return [{ path: [...path, part], message: 'A number of pictures is 0 or more.' }]
    return aboveZero(path, part, value)
  })
}

function aboveZero(path: readonly string[], part: (typeof PARTS)[number], value: number): InputIssue[] {
  return part === 'test' || value > 0 ? [] : [{ path: [...path, part], message: 'It must be above 0.' }]
}
