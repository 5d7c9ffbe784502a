/** How far predictions and labels agree beyond chance, as scikit-learn's functions of the same names define it. */
import type { AgreementFigures, ConfusionMatrix } from './report.type.js'

const NO_PICTURES = 'A class has no pictures, so that its recall is 0 of 0.'
const ONE_CLASS = 'All pictures are of one class and were taken for it: chance would have agreed everywhere too.'

export function agreementFigures(matrix: ConfusionMatrix): AgreementFigures {
  const actual = matrix.map(sum)
  const predicted = matrix.map((_, c) => sum(matrix.map((row) => row[c] as number)))
  const right = matrix.map((row, c) => row[c] as number)
  const total = sum(actual)
  // Of all pairs of a picture's label and another one's prediction, how many agree.
  const byChance = sum(actual.map((count, c) => count * (predicted[c] as number)))
  const balancedAccuracy = actual.includes(0)
    ? null
    : sum(right.map((count, c) => count / (actual[c] as number))) / actual.length
  const cohenKappa = byChance === total ** 2 ? null : 1 - (total - sum(right)) / (total - byChance / total)
  return {
    balancedAccuracy,
    cohenKappa,
    matthewsCorrelation: correlation({ actual, predicted, agreement: sum(right) * total - byChance }),
    undefinedFigures: [
      ...(balancedAccuracy === null ? [{ figure: 'balancedAccuracy', reason: NO_PICTURES }] : []),
      ...(cohenKappa === null ? [{ figure: 'cohenKappa', reason: ONE_CLASS }] : []),
    ],
  }
}

/** Gorodkin's R_K: the covariance of predictions and labels by both standard deviations. */
function correlation({
  actual,
  predicted,
  agreement,
}: Record<'actual' | 'predicted', number[]> & { agreement: number }) {
  const spread = (counts: readonly number[]): number => sum(counts) ** 2 - sum(counts.map((count) => count ** 2))
  const both = Math.sqrt(spread(actual)) * Math.sqrt(spread(predicted))
  return both === 0 ? 0 : agreement / both
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
