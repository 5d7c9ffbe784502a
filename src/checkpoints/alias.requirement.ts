/** What a checkpoint must be able to do before a name may point to it. */
import type { AliasFigure, Shortfall } from '../domain/refusals.js'

/** Of TEST; what is left out requires nothing. */
export interface AliasRequirement {
  readonly minTestAccuracy?: number | null
  readonly minMacroF1?: number | null
  /** Over the checkpoint that the alias points to, on the same pictures. Less than 0 allows so much of a loss. */
  readonly minTestAccuracyGain?: number | null
  readonly minMacroF1Gain?: number | null
}

/** Of an evaluation on TEST. */
export type TestFigures = Readonly<Record<AliasFigure, number>>

export interface Contest {
  /** Of the candidate's newest evaluation on TEST; null where there is none. */
  readonly own: TestFigures | null
  /** Of both on the newest version that both were evaluated on; null where there is none. */
  readonly both: { readonly candidate: TestFigures; readonly holder: TestFigures } | null
  /** Whether the alias points to another checkpoint. */
  readonly hasHolder: boolean
}

/** How many points of a share are rounding. */
const ROUNDING = 1e-12

/** What is missing; nothing where the requirement is met. */
export function shortfalls(requirement: AliasRequirement, { own, both, hasHolder }: Contest): Shortfall[] {
  const against = hasHolder ? both : null
  const gain = (figure: AliasFigure, least: number | null | undefined): Shortfall[] => {
    if (!hasHolder || typeof least !== 'number') return []
    const required = against === null ? null : against.holder[figure] + least
    return compare({ figure, required, found: against?.candidate[figure] ?? null })
  }
  const floor = (figure: AliasFigure, least: number | null | undefined): Shortfall[] =>
    typeof least === 'number' ? compare({ figure, required: least, found: own?.[figure] ?? null }) : []
  return [
    ...floor('TEST_ACCURACY', requirement.minTestAccuracy),
    ...floor('MACRO_F1', requirement.minMacroF1),
    ...gain('TEST_ACCURACY', requirement.minTestAccuracyGain),
    ...gain('MACRO_F1', requirement.minMacroF1Gain),
  ]
}

function compare({ figure, required, found }: Omit<Shortfall, 'missingBy'>): Shortfall[] {
  if (required === null || found === null) return [{ figure, required, found, missingBy: null }]
  const missingBy = required - found
  return missingBy > ROUNDING ? [{ figure, required, found, missingBy }] : []
}
