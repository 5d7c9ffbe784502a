/** How many pictures of each class a split would take, before it is made: contract of `SplitInput.fractions`. */
export interface Fractions {
  readonly train: number
  readonly validation: number
  readonly test: number
}

export interface PreviewRow extends Fractions {
  readonly label: string
}

/** @returns null where the class has too few pictures */
export function previewOf(label: string, imageCount: number, { validation, test }: Fractions): PreviewRow | null {
  const validationCount = Math.max(1, Math.round(imageCount * validation))
  const testCount = test > 0 ? Math.max(1, Math.round(imageCount * test)) : 0
  const train = imageCount - validationCount - testCount
  return train < 1 ? null : { label, train, validation: validationCount, test: testCount }
}
