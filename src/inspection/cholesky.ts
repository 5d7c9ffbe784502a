/** Triangular matrices, row after row: [size, size]. */

/**
 * Puts L in the place of a symmetric, positive definite matrix L·Lᵀ; what is above the diagonal becomes 0.
 * @throws RangeError where it is not positive definite
 */
export function cholesky(matrix: Float64Array, size: number): Float64Array {
  const rows = rowsOf(matrix, size)
  for (const [i, row] of rows.entries()) {
    for (let j = 0; j <= i; j++) {
      const other = rows[j] as Float64Array
      const rest = (row[j] as number) - dot(row, other, j)
      if (j < i) row[j] = rest / (other[j] as number)
      else if (rest > 0) row[i] = Math.sqrt(rest)
      else throw new RangeError('The matrix is not positive definite.')
    }
    row.fill(0, i + 1)
  }
  return matrix
}

/** The inverse of a lower triangular matrix. */
export function invertLower(lower: Float64Array, size: number): Float64Array {
  const inverse = new Float64Array(size * size)
  const targets = rowsOf(inverse, size)
  for (const [i, row] of rowsOf(lower, size).entries()) {
    const target = targets[i] as Float64Array
    for (let k = 0; k < i; k++) addScaled(target, (targets[k] as Float64Array).subarray(0, k + 1), -(row[k] as number))
    target[i] = 1
    for (let j = 0; j <= i; j++) target[j] = (target[j] as number) / (row[i] as number)
  }
  return inverse
}

function rowsOf(matrix: Float64Array, size: number): Float64Array[] {
  return Array.from({ length: size }, (_, i) => matrix.subarray(i * size, (i + 1) * size))
}

/** Of the first `length` values. */
function dot(a: Float64Array, b: Float64Array, length: number): number {
  let sum = 0
  for (let i = 0; i < length; i++) sum += (a[i] as number) * (b[i] as number)
  return sum
}

function addScaled(target: Float64Array, row: Float64Array, scale: number): void {
  for (let i = 0; i < row.length; i++) target[i] = (target[i] as number) + scale * (row[i] as number)
}
