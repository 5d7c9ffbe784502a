/** What a checkpoint must reach before a name may point to it, as the form holds it and as the API takes it. */
import { NOT_A_NUMBER, numberOf } from '../../components/number-text.js'
import type { PointAliasMutationVariables } from './queries/models.documents.js'

type RequirementInput = NonNullable<PointAliasMutationVariables['input']['require']>
export type RequirementName = keyof RequirementInput
export type RequirementTexts = Readonly<Record<RequirementName, string>>

export const REQUIREMENTS: readonly (readonly [RequirementName, string])[] = [
  ['minTestAccuracy', 'Accuracy'],
  ['minMacroF1', 'Macro F1'],
  ['minTestAccuracyGain', 'Accuracy gain'],
  ['minMacroF1Gain', 'F1 gain'],
]

export const NOTHING_REQUIRED: RequirementTexts = {
  minTestAccuracy: '',
  minMacroF1: '',
  minTestAccuracyGain: '',
  minMacroF1Gain: '',
}

/** As the API takes it, and what is no number by its field. */
export function requirementOf(texts: RequirementTexts): {
  readonly require: RequirementInput
  readonly issues: ReadonlyMap<string, string>
} {
  const given = REQUIREMENTS.map(([name]) => [name, texts[name].trim()] as const).filter(([, text]) => text !== '')
  const wrong = given.filter(([, text]) => numberOf(text) === undefined)
  return {
    require: Object.fromEntries(given.map(([name, text]) => [name, numberOf(text)])),
    issues: new Map(wrong.map(([name]) => [name, NOT_A_NUMBER])),
  }
}
