/** Products of matrices on ONNX Runtime, which takes all cores and their widest instructions. */
import { Tensor } from 'onnxruntime-node'
import { writeOnnx } from '../network/onnx.js'
import { createSession } from './sessions.js'

/** Row after row. */
export interface Matrix {
  readonly data: Float32Array
  readonly rows: number
  readonly columns: number
}

export interface ProductSession {
  /** The inner product of every row of `a` with every row of `b`: [a.rows, b.rows]. */
  multiply(a: Matrix, b: Matrix): Promise<Matrix>
  release(): Promise<void>
}

const GRAPH = {
  name: 'product',
  nodes: [
    { operator: 'Transpose', inputs: ['b'], output: 'transposed', attributes: { perm: [1, 0] } },
    { operator: 'MatMul', inputs: ['a', 'transposed'], output: 'product' },
  ],
  weights: [],
  input: { name: 'a', shape: ['M', 'K'] },
  otherInputs: [{ name: 'b', shape: ['N', 'K'] }],
  output: { name: 'product', shape: ['M', 'N'] },
}

export async function createProductSession(): Promise<ProductSession> {
  const session = await createSession(writeOnnx(GRAPH), {})
  return {
    multiply: async (a, b) => {
      const { product } = await session.run({ a: tensorOf(a), b: tensorOf(b) })
      if (!(product?.data instanceof Float32Array)) throw new TypeError('The graph did not answer with a product.')
      return { data: product.data, rows: a.rows, columns: b.rows }
    },
    release: () => session.release(),
  }
}

export function transpose({ data, rows, columns }: Matrix): Matrix {
  const turned = new Float32Array(data.length)
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++)
      turned[column * rows + row] = data[row * columns + column] as number
  }
  return { data: turned, rows: columns, columns: rows }
}

function tensorOf({ data, rows, columns }: Matrix): Tensor {
  return new Tensor('float32', data, [rows, columns])
}
