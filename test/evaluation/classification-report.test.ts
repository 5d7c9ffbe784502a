import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { classificationReport } from '../../src/evaluation/classification-report.js'
import { confusionMatrix, likeliestClasses } from '../../src/evaluation/confusion-matrix.js'
import type { AverageMetrics, ClassMetrics } from '../../src/evaluation/report.type.js'
import { describeWithShared } from '../shared.js'

interface ReferenceCase {
  labels: string[]
  actual: number[]
  predicted: number[]
  confusionMatrix: number[][]
  perClass: ClassMetrics[]
  accuracy: number
  microAvg: AverageMetrics
  macroAvg: AverageMetrics
  weightedAvg: AverageMetrics
}

const AVERAGES = ['microAvg', 'macroAvg', 'weightedAvg'] as const
const FIGURES = ['precision', 'recall', 'f1Score'] as const

/** The reference's confusion matrix and what scikit-learn says of it, copied from the result to reproduce. */
const REFERENCE_MATRIX = [
  [2285, 15],
  [64, 2236],
]
const REFERENCE_TABLE = [
  ['Cat', '0.983007', '0.972754', '0.993478', '2300'],
  ['Dog', '0.982641', '0.993336', '0.972174', '2300'],
  ['micro avg', '0.982826', '0.982826', '0.982826', '4600'],
  ['macro avg', '0.982824', '0.983045', '0.982826', '4600'],
  ['weighted avg', '0.982824', '0.983045', '0.982826', '4600'],
]

function cells(text: string): string[][] {
  return text.split('\n').map((line) => line.trim().split(/ {2,}/))
}

describe('the classification report', () => {
  it('prints the reference table to the last digit, under its headings', () => {
    const { text } = classificationReport(REFERENCE_MATRIX, ['Cat', 'Dog'])
    expect(cells(text)).toEqual([['label', 'f1-score', 'precision', 'recall', 'support'], ...REFERENCE_TABLE])
  })

  it('aligns its columns whatever the labels are', () => {
    const { text } = classificationReport(REFERENCE_MATRIX, ['a very long label indeed', '🐕'])
    expect(new Set(text.split('\n').map((line) => Array.from(line).length)).size).toBe(1)
  })

  it('says 0 where a figure is undefined', () => {
    const report = classificationReport(confusionMatrix([0, 0], [0, 0], 2), ['seen', 'absent'])
    expect(report.perClass[1]).toEqual({ label: 'absent', precision: 0, recall: 0, f1Score: 0, support: 0 })
    expect(report.macroAvg).toEqual({ precision: 0.5, recall: 0.5, f1Score: 0.5, support: 2 })
  })

  it('says 0 everywhere where there are no pictures at all', () => {
    const report = classificationReport(confusionMatrix([], [], 2), ['a', 'b'])
    for (const average of AVERAGES) expect(report[average]).toEqual({ precision: 0, recall: 0, f1Score: 0, support: 0 })
    expect(report.accuracy).toBe(0)
  })
})

describe('the printed report', () => {
  it("rounds figures that lie between two as Python does, which is not JavaScript's way", () => {
    // Precision 1/128 and 3/128: Python prints 0.007812 and 0.023438.
    const matrix = [
      [1, 3, 0],
      [127, 125, 0],
      [0, 0, 1],
    ]
    const lines = classificationReport(matrix, ['a', 'b', 'c']).text.split('\n')
    expect(lines[1]).toContain('  0.007812  ')
    expect(
      classificationReport(
        [
          [3, 1],
          [125, 1],
        ],
        ['a', 'b'],
      ).text.split('\n')[1],
    ).toContain('  0.023438  ')
  })
})

describe('the confusion matrix', () => {
  it('has actual classes in rows and predicted ones in columns', () => {
    expect(confusionMatrix([0, 0, 1, 2], [0, 1, 1, 0], 3)).toEqual([
      [1, 1, 0],
      [0, 1, 0],
      [1, 0, 0],
    ])
  })

  it('refuses a class beyond the last', () => {
    expect(() => confusionMatrix([0], [2], 2)).toThrow(RangeError)
    expect(() => confusionMatrix([2], [0], 2)).toThrow(RangeError)
  })

  it('takes the first of equally likely classes', () => {
    expect([...likeliestClasses([0.5, 0.5, 0.2, 0.8], 2)]).toEqual([0, 1])
  })
})

describeWithShared("scikit-learn's reports", (shared) => {
  const path = join(shared, 'fixtures', 'classification-reports.json')
  const cases = Object.entries(JSON.parse(readFileSync(path, 'utf8')) as Record<string, ReferenceCase>)

  it.each(cases)('are reproduced for %s', (_, reference) => {
    const matrix = confusionMatrix(reference.actual, reference.predicted, reference.labels.length)
    const report = classificationReport(matrix, reference.labels)
    expect(report.confusionMatrix).toEqual(reference.confusionMatrix)
    expect(report.accuracy).toBeCloseTo(reference.accuracy, 14)
    expect(report.perClass.map(({ label, support }) => ({ label, support }))).toEqual(
      reference.perClass.map(({ label, support }) => ({ label, support })),
    )
    for (const figure of FIGURES) {
      for (const [c, metrics] of reference.perClass.entries()) {
        expect(report.perClass[c]?.[figure]).toBeCloseTo(metrics[figure], 14)
      }
      for (const average of AVERAGES) expect(report[average][figure]).toBeCloseTo(reference[average][figure], 14)
    }
    for (const average of AVERAGES) expect(report[average].support).toBe(reference.actual.length)
  })
})
