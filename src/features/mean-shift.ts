import type { Moments } from './moments.js'

/**
 * How far the features of some pictures have shifted from those of others, in standard deviations: the root mean square,
 * over all features, of the standardised mean difference
 *
 *     d = (x̄ - ȳ) / √((s² + t²) / 2)
 *
 * by which it is usual to compare what two groups are like (P. C. Austin, "Balance diagnostics for comparing the
 * distribution of baseline covariates between treatment groups", Statistics in Medicine 28, 2009). Features that vary in
 * neither say nothing and are left out.
 *
 * Means of a few pictures scatter: by s² / n, even where nothing has shifted. So figures of different counts cannot be
 * compared as they are, and `drawn` says what so many pictures drawn from the first group would give in the mean.
 *
 * @param drawn the first group's own count unless told otherwise; more than that counts as that
 * @returns null where no feature varies
 */
export function meanShift(group: Moments, reference: Moments, drawn = group.count): number | null {
  const scatter = Math.max(0, 1 / drawn - 1 / group.count)
  let [sum, varying] = [0, 0]
  for (let i = 0; i < group.means.length; i++) {
    const variance = group.variances[i] as number
    const pooled = (variance + (reference.variances[i] as number)) / 2
    if (!(pooled > 0)) continue
    const difference = (group.means[i] as number) - (reference.means[i] as number)
    sum += (difference ** 2 + scatter * variance) / pooled
    varying += 1
  }
  return varying === 0 ? null : Math.sqrt(sum / varying)
}
