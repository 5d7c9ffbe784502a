/** Pictures to measure with: the user's, or drawn ones of a photograph's size. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import { randomKey, randomUniforms } from '../src/domain/random.js'

const WIDTH = 480
const HEIGHT = 360
/** Small pictures, enlarged: soft shapes of any colour. */
const COARSE = { width: 24, height: 18, channels: 3 } as const
const CLASSES = ['dark', 'light']

/** Writes `count` JPEGs as `<directory>/<class>/<number>.jpg`. */
export async function drawPictures(directory: string, count: number): Promise<void> {
  for (const name of CLASSES) await mkdir(join(directory, name), { recursive: true })
  for (let number = 0; number < count; number++) {
    const at = number % CLASSES.length
    const draws = randomUniforms(randomKey(0, 'picture', number), COARSE.width * COARSE.height * COARSE.channels)
    const pixels = Uint8Array.from(draws, (draw) => 80 * at + 175 * draw)
    await sharp(pixels, { raw: COARSE })
      .resize(WIDTH, HEIGHT, { fit: 'fill' })
      .jpeg({ quality: 90 })
      .toFile(join(directory, CLASSES[at] as string, `${String(number)}.jpg`))
  }
}
