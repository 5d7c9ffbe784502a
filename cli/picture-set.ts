/** The demo's own pictures: discs, stripes and checks in any colour, place and size, with noise; the same for a seed. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import sharp, { type Sharp } from 'sharp'

export const SHAPES = ['checks', 'discs', 'stripes'] as const
export type Shape = (typeof SHAPES)[number]

const SIDE = 96
const NOISE = 24

/** Uniform draws in [0, 1). */
type Draw = () => number

/** Mulberry32 (Tommy Ettinger, public domain): enough to draw pictures by. */
function drawFrom(seed: number): Draw {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Whether the shape covers the point, in pixels from the upper left. */
type Cover = (x: number, y: number) => boolean

const COVERS: Record<Shape, (draw: Draw) => Cover> = {
  discs(draw) {
    const discs = Array.from({ length: 1 + Math.floor(draw() * 2) }, () => ({
      x: SIDE * (0.25 + draw() * 0.5),
      y: SIDE * (0.25 + draw() * 0.5),
      radius: SIDE * (0.15 + draw() * 0.2),
    }))
    return (x, y) => discs.some((disc) => Math.hypot(x - disc.x, y - disc.y) < disc.radius)
  },
  stripes(draw) {
    // Near the upright: a random trunk tells checks from stripes by their edges, in as few directions as may be.
    const angle = (draw() - 0.5) * 0.6
    const [width, from] = [4 + draw() * 8, draw() * SIDE]
    return (x, y) => Math.floor((x * Math.cos(angle) + y * Math.sin(angle) + from) / width) % 2 === 0
  },
  checks(draw) {
    const [width, right, down] = [6 + draw() * 8, draw() * SIDE, draw() * SIDE]
    return (x, y) => (Math.floor((x + right) / width) + Math.floor((y + down) / width)) % 2 === 0
  },
}

/** Two colours far enough apart to tell them. */
function drawColours(draw: Draw): [number[], number[]] {
  const dark = Array.from({ length: 3 }, () => draw() * 80)
  const light = Array.from({ length: 3 }, () => 145 + draw() * 80)
  return draw() < 0.5 ? [dark, light] : [light, dark]
}

function drawPixels(shape: Shape, seed: number): Uint8Array {
  const draw = drawFrom(seed)
  const covers = COVERS[shape](draw)
  const [ink, paper] = drawColours(draw)
  const pixels = new Uint8Array(SIDE * SIDE * 3)
  for (let at = 0; at < pixels.length; at++) {
    const pixel = Math.floor(at / 3)
    const colour = covers(pixel % SIDE, Math.floor(pixel / SIDE)) ? ink : paper
    pixels[at] = Math.min(255, Math.max(0, (colour[at % 3] ?? 0) + (draw() - 0.5) * 2 * NOISE))
  }
  return pixels
}

function encode(shape: Shape, seed: number): Sharp {
  return sharp(drawPixels(shape, seed), { raw: { width: SIDE, height: SIDE, channels: 3 } }).jpeg({ quality: 90 })
}

/** The seed of one picture: no two of a set are drawn from the same. */
function seedOf(set: number, shape: Shape, number: number): number {
  return (set * SHAPES.length + SHAPES.indexOf(shape)) * 100_003 + number
}

/** A JPEG that no set of `drawPictureSet` with the same seed holds. */
export async function drawPicture(shape: Shape, seed: number): Promise<Uint8Array> {
  return encode(shape, seedOf(seed, shape, 100_002)).toBuffer()
}

/** Writes `perClass` JPEGs a class as `<directory>/<class>/<class>.<number>.jpg`. */
export async function drawPictureSet(directory: string, perClass: number, seed: number): Promise<void> {
  for (const shape of SHAPES) {
    await mkdir(join(directory, shape), { recursive: true })
    for (let number = 1; number <= perClass; number++) {
      await encode(shape, seedOf(seed, shape, number)).toFile(join(directory, shape, `${shape}.${String(number)}.jpg`))
    }
  }
}
