/** Pictures and features as rows of one tensor. */

/** Of a square of three colours. */
export function sideOf(pixels: Float32Array): number {
  return Math.sqrt(pixels.length / 3)
}

/** Rows one after the other in, and as many rows out. */
export async function inRows(
  rows: readonly Float32Array[],
  compute: (all: Float32Array) => Promise<Float32Array>,
): Promise<Float32Array[]> {
  const [first] = rows
  if (first === undefined) return []
  const all = rows.length === 1 ? first : new Float32Array(rows.length * first.length)
  if (rows.length > 1) for (const [i, row] of rows.entries()) all.set(row, i * first.length)
  const results = await compute(all)
  const width = results.length / rows.length
  // Copies: a row that somebody keeps does not keep the others.
  return rows.map((_, i) => results.slice(i * width, (i + 1) * width))
}
