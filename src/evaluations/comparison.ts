/** Runs side by side: where their hyperparameters differ, and their figures against the first run's. */
import type { Hyperparameters } from '../domain/hyperparameters.js'
import type { ClassificationReport } from '../evaluation/report.type.js'

export interface HyperparameterDifference {
  readonly name: string
  /** As written in GraphQL, in the order of the runs. */
  readonly values: string[]
}

export interface ClassDelta {
  readonly label: string
  readonly f1Score: number
  /** Null where the first run has no such class. */
  readonly f1Delta: number | null
}

/** All null or empty for a run without an evaluation on TEST. */
export interface ResultFigures {
  readonly testAccuracy: number | null
  readonly testAccuracyDelta: number | null
  readonly macroF1: number | null
  readonly macroF1Delta: number | null
  readonly perClass: ClassDelta[]
}

export function hyperparameterDifferences(all: readonly Hyperparameters[]): HyperparameterDifference[] {
  const names = Object.keys(all[0] ?? {}) as (keyof Hyperparameters)[]
  return names
    .map((name) => ({ name, values: all.map((each) => writeValue(each[name])) }))
    .filter(({ values }) => new Set(values).size > 1)
}

type Value = string | number | boolean | null | readonly number[] | Readonly<Record<string, number>>

/** Every text among hyperparameters is an enum's value, which GraphQL writes bare. */
function writeValue(value: Value): string {
  if (value === null || typeof value !== 'object') return String(value)
  if (Array.isArray(value)) return `[${value.join(', ')}]`
  const members = Object.entries(value).map(([name, member]) => `${name}: ${String(member)}`)
  return `{${members.join(', ')}}`
}

/** @param reports of the runs' evaluations on TEST, null where a run has none */
export function resultsAgainstFirst(reports: readonly (ClassificationReport | null)[]): ResultFigures[] {
  const first = reports[0] ?? null
  return reports.map((report) => ({
    testAccuracy: report?.accuracy ?? null,
    testAccuracyDelta: delta(report?.accuracy, first?.accuracy),
    macroF1: report?.macroAvg.f1Score ?? null,
    macroF1Delta: delta(report?.macroAvg.f1Score, first?.macroAvg.f1Score),
    perClass: (report?.perClass ?? []).map(({ label, f1Score }) => ({
      label,
      f1Score,
      f1Delta: delta(f1Score, first?.perClass.find((metrics) => metrics.label === label)?.f1Score),
    })),
  }))
}

function delta(figure: number | undefined, reference: number | undefined): number | null {
  return figure === undefined || reference === undefined ? null : figure - reference
}
