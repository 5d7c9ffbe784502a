import type { AverageMetrics, ClassificationReport } from './report.type.js'

const HEADINGS = ['label', 'f1-score', 'precision', 'recall', 'support'] as const
const GAP = '  '

/** A row for each class in class order, then the three averages; labels aligned to the left, numbers to the right. */
export function reportText(
  report: Pick<ClassificationReport, 'perClass' | 'microAvg' | 'macroAvg' | 'weightedAvg'>,
): string {
  const rows: [string, AverageMetrics][] = [
    ...report.perClass.map((metrics): [string, AverageMetrics] => [metrics.label, metrics]),
    ['micro avg', report.microAvg],
    ['macro avg', report.macroAvg],
    ['weighted avg', report.weightedAvg],
  ]
  const table = [[...HEADINGS], ...rows.map(([label, metrics]) => [label, ...figures(metrics)])]
  const widths = HEADINGS.map((_, column) => Math.max(...table.map((row) => width(row[column] as string))))
  return table.map((row) => row.map((cell, column) => pad(cell, column, widths[column] as number)).join(GAP)).join('\n')
}

function figures(metrics: AverageMetrics): string[] {
  return [...[metrics.f1Score, metrics.precision, metrics.recall].map(sixDecimals), String(metrics.support)]
}

/** Of two that are as near the even one, as scikit-learn rounds; toFixed takes the greater. Only n/128 lies so. */
function sixDecimals(figure: number): string {
  const isTie = (figure * 128) % 2 === 1
  const down = figure.toFixed(7).slice(0, -1)
  return isTie && Number(down.at(-1)) % 2 === 0 ? down : figure.toFixed(6)
}

/** Counted in code points: a label may hold letters that take two units of a string. */
function width(text: string): number {
  return Array.from(text).length
}

function pad(text: string, column: number, columns: number): string {
  const gap = ' '.repeat(columns - width(text))
  return column === 0 ? text + gap : gap + text
}
