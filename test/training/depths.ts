/** What depths.reference.py starts from, by the same formula. */
import { readFileSync } from 'node:fs'
import type { TrainableLayers } from '../../src/network/cut.js'
import { trainedTensorNames } from '../../src/network/cut.js'
import { trunkShapes } from '../../src/network/resnet50.js'
import { elementCount, type StateDict, type Tensor } from '../../src/network/weights.js'

export interface DepthReference {
  losses: number[]
  /** Of each tensor's move: its norm, and its first values. */
  moves: Record<string, [norm: number, ...first: number[]]>
  /** [pictures, classes] afterwards, norms with their running statistics. */
  probabilities: number[]
}

export const REFERENCE = JSON.parse(
  readFileSync(new URL('./depths.reference.json', import.meta.url), 'utf8'),
) as Record<TrainableLayers, DepthReference>

export const PICTURES = 3
export const CLASSES = 3
const HEAD_SHAPES: Readonly<Record<string, readonly number[]>> = {
  'fc.1.weight': [8, 2048],
  'fc.1.bias': [8],
  'fc.3.weight': [CLASSES, 8],
  'fc.3.bias': [CLASSES],
}

/** The head, and the trunk above the cut. */
export function drawNetwork(depth: TrainableLayers): StateDict {
  const { parameters, statistics } = trainedTensorNames(depth)
  const shapes = trunkShapes()
  const names = [...parameters, ...statistics].map((name) => [name, shapes.get(name) as readonly number[]] as const)
  return new Map([...Object.entries(HEAD_SHAPES), ...names].map(([name, shape]) => [name, draw(name, shape)]))
}

/** [pictures, ...shape] of a cut; the reference has the channels first. */
export function drawInputs(shape: readonly number[]): Float32Array {
  const [height, width, channels] =
    shape.length === 1 ? [1, 1, shape[0] as number] : (shape as [number, number, number])
  const { data } = draw('inputs', [PICTURES, channels, height, width])
  const inputs = new Float32Array(data.length)
  for (let i = 0; i < inputs.length; i++) {
    const [channel, pixel] = [i % channels, Math.floor(i / channels)]
    const [place, picture] = [pixel % (height * width), Math.floor(pixel / (height * width))]
    inputs[i] = data[(picture * channels + channel) * height * width + place] as number
  }
  return inputs
}

/** Any tensor of the reference, by its name. */
export function draw(name: string, shape: readonly number[]): Tensor {
  const key = [...name].reduce((sum, letter, at) => sum + letter.charCodeAt(0) * (at + 1), 0) % 1000
  const shaped = shaping(name, shape)
  const data = new Float32Array(elementCount(shape))
  for (let i = 0; i < data.length; i++) {
    const value = Math.sin(i * 12.9898 + key * 78.233) * 43758.5453
    data[i] = shaped(Math.fround(2 * (value - Math.floor(value)) - 1))
  }
  return { shape, data }
}

function shaping(name: string, shape: readonly number[]): (u: number) => number {
  if (name === 'inputs') return shape[1] === 3 ? (u) => u : (u) => Math.max(u, 0)
  if (shape.length === 4) {
    const bound = Math.sqrt(6 / elementCount(shape.slice(1)))
    return (u) => u * bound
  }
  if (shape.length === 2) return (u) => u / Math.sqrt(shape[1] as number)
  if (name.endsWith('running_var')) return (u) => 1 + 0.5 * Math.abs(u)
  if (!name.endsWith('weight')) return (u) => 0.1 * u
  const scale = name.includes('bn3') ? 0.3 : 1
  return (u) => scale * (1 + 0.2 * u)
}
