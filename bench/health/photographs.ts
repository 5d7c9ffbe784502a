/** A folder of pictures per class, and what an inspection knows of pictures: hashes, and features of a trunk. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createImageReader, type ImageReader } from '../../src/images/image.reader.js'
import { batchSize } from '../../src/inference/batch-size.js'
import { createTrunkSession, type TrunkSession } from '../../src/inference/sessions.js'
import { directionsOf, type FeatureRows } from '../../src/inspection/feature-rows.js'
import { clampHalves, toHalf, widenHalves } from '../../src/network/half.js'
import { FEATURE_COUNT } from '../../src/network/resnet50.js'
import { readSafetensors } from '../../src/network/safetensors.js'

export interface Photograph {
  readonly name: string
  readonly label: number
  readonly bytes: Buffer
}

/** @returns those of the folder's classes, in the order of their names */
export async function readPhotographs(folder: string): Promise<{ photographs: Photograph[]; classNames: string[] }> {
  const entries = await readdir(folder, { withFileTypes: true })
  const classNames = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name)
  classNames.sort()
  const photographs: Photograph[] = []
  for (const [label, className] of classNames.entries()) {
    for (const name of (await readdir(join(folder, className))).sort()) {
      photographs.push({ name: `${className}/${name}`, label, bytes: await readFile(join(folder, className, name)) })
    }
  }
  return { photographs, classNames }
}

/** What looks at pictures as an import and a run do. */
export interface Observer {
  hashOf(bytes: Buffer): Promise<bigint>
  /** [pictures, 2048], rounded to half precision as kept features are. */
  featuresOf(pictures: readonly Buffer[]): Promise<Float32Array>
  release(): Promise<void>
}

const UNLIMITED = { maxPixels: 1e8, maxImageBytes: 1e8 }

/** @param weights path of a trunk's safetensors */
export async function createObserver(weights: string, imageSize: number): Promise<Observer> {
  const images = createImageReader(UNLIMITED)
  const trunk = await createTrunkSession(readSafetensors(await readFile(weights)))
  return {
    hashOf: async (bytes) => (await images.probe(bytes)).perceptualHash,
    featuresOf: (pictures) => featuresOf(pictures, { images, trunk, imageSize }),
    release: () => trunk.release(),
  }
}

interface Looking {
  readonly images: ImageReader
  readonly trunk: TrunkSession
  readonly imageSize: number
}

async function featuresOf(pictures: readonly Buffer[], { images, trunk, imageSize }: Looking): Promise<Float32Array> {
  const features = new Float32Array(pictures.length * FEATURE_COUNT)
  const atOnce = batchSize(imageSize)
  for (let at = 0; at < pictures.length; at += atOnce) {
    const batch = pictures.slice(at, at + atOnce)
    const pixels = await Promise.all(batch.map((bytes) => images.preprocess(bytes, imageSize)))
    const input = new Float32Array(batch.length * 3 * imageSize ** 2)
    pixels.forEach((values, i) => {
      input.set(values, i * values.length)
    })
    const halves = toHalf(await trunk.features(input, batch.length, imageSize))
    clampHalves(halves)
    widenHalves(halves, features, at * FEATURE_COUNT)
  }
  return features
}

/** Features as an inspection compares them. @param features [pictures, 2048] */
export function rowsOf(features: Float32Array): Promise<FeatureRows> {
  const read = (rows: Uint32Array): Promise<Float32Array> => {
    const from = (rows[0] ?? 0) * FEATURE_COUNT
    return Promise.resolve(features.slice(from, from + rows.length * FEATURE_COUNT))
  }
  return directionsOf(read, { count: features.length / FEATURE_COUNT, columns: FEATURE_COUNT })
}
