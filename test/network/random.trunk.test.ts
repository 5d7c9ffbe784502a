import { describe, expect, it } from 'vitest'
import { randomKey, randomUniforms } from '../../src/domain/random.js'
import { createTrunkSession } from '../../src/inference/sessions.js'
import { FEATURE_COUNT } from '../../src/network/resnet50.js'
import { randomTrunk } from '../../src/network/random.trunk.js'
import { canonicalTrunk } from '../../src/network/trunk.canonical.js'

const SIZE = 64
const PER_KIND = 12

describe('The random trunk', () => {
  const trunk = randomTrunk()

  it('is the same on every machine', () => {
    expect(canonicalTrunk(trunk).sha256).toBe('f96574c1a8d29fb85e8069c5a87d048509c106a1184c119c6ef4faa993393256')
  })

  it('gives features around a half, by which simple drawings are told apart', async () => {
    const session = await createTrunkSession(trunk)
    const kinds: Float32Array[][] = []
    for (const [i, draw] of [stripes, square, reddish].entries()) {
      const pictures = Array.from({ length: PER_KIND }, (_, j) =>
        picture(draw, randomUniforms(randomKey(i, 'draw', j), 3)),
      )
      kinds.push(rows(await session.features(Float32Array.from(pictures.flat()), PER_KIND, SIZE)))
    }
    await session.release()

    const all = kinds.flat().flatMap((features) => [...features])
    const mean = all.reduce((sum, value) => sum + value) / all.length
    expect(mean).toBeGreaterThan(0.2)
    expect(mean).toBeLessThan(1)
    expect(all.reduce((most, value) => Math.max(most, value))).toBeLessThan(20)

    const centres = kinds.map((features) => centre(features.slice(0, PER_KIND / 2)))
    const right = kinds.flatMap((features, kind) =>
      features.slice(PER_KIND / 2).map((each) => {
        const distances = centres.map((from) => distance(from, each))
        return distances.indexOf(Math.min(...distances)) === kind
      }),
    )
    expect(right.filter(Boolean).length).toBeGreaterThanOrEqual(0.9 * right.length)
  })
})

type Draw = (at: { x: number; y: number; channel: number }, random: Float32Array) => boolean

const stripes: Draw = ({ x }, [phase = 0]) => Math.floor((x + 10 * phase) / 5) % 2 === 0
const square: Draw = ({ x, y }, [left = 0, top = 0]) =>
  Math.max(Math.abs(x - 20 - 24 * left), Math.abs(y - 20 - 24 * top)) < 12
const reddish: Draw = ({ y, channel }, [height = 0]) => channel === 0 || y > 20 + 24 * height

/** [3, SIZE, SIZE] of two values. */
function picture(draw: Draw, random: Float32Array): number[] {
  return Array.from({ length: 3 * SIZE * SIZE }, (_, i) => {
    const at = { x: i % SIZE, y: Math.floor(i / SIZE) % SIZE, channel: Math.floor(i / SIZE ** 2) }
    return draw(at, random) ? 2 : -2
  })
}

function rows(features: Float32Array): Float32Array[] {
  return Array.from({ length: features.length / FEATURE_COUNT }, (_, i) =>
    features.subarray(i * FEATURE_COUNT, (i + 1) * FEATURE_COUNT),
  )
}

function centre(features: readonly Float32Array[]): Float32Array {
  return Float32Array.from({ length: FEATURE_COUNT }, (_, i) => {
    return features.reduce((sum, each) => sum + (each[i] as number), 0) / features.length
  })
}

function distance(a: Float32Array, b: Float32Array): number {
  return Math.sqrt(a.reduce((sum, value, i) => sum + (value - (b[i] as number)) ** 2, 0))
}
