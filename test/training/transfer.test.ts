/** The whole of learning on real photographs: what PyTorch reaches with the same trunk on the same split. */
import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startEngine } from '../../src/engine/engine.js'
import type { Engine } from '../../src/engine/engine.type.js'
import { likeliestClasses } from '../../src/evaluation/confusion-matrix.js'
import { createImageReader } from '../../src/images/image.reader.js'
import { createTrunkSession, type TrunkSession } from '../../src/inference/sessions.js'
import { toHalf } from '../../src/network/half.js'
import { drawHead } from '../../src/network/head.js'
import { FEATURE_COUNT } from '../../src/network/resnet50.js'
import { readSafetensors } from '../../src/network/safetensors.js'
import { predict } from '../../src/training/predict.js'
import { train } from '../../src/training/train.js'
import { sourceInMemory } from '../../src/training/picture-source.js'
import type { PictureSource } from '../../src/training/training.type.js'
import { describeWithShared } from '../shared.js'
import { hyperparametersOf } from './features.js'

const IMAGE_SIZE = 64
const BATCH = 40
/** Of the reference's eight; each takes five seconds. */
const SEEDS = [0, 1, 2]

interface Figures {
  bestValidationLoss: number
  testAccuracy: number
}
interface Reference {
  classNames: string[]
  testAccuracy: { mean: number }
  runs: Figures[]
  split: Record<'train' | 'validation' | 'test', string[]>
}

describeWithShared('On photographs of cats and dogs', (shared) => {
  const reference = JSON.parse(readFileSync(join(shared, 'fixtures', 'transfer.json'), 'utf8')) as Reference
  const { classNames, split } = reference
  let engine: Engine
  let pictures: Record<keyof Reference['split'], PictureSource>

  beforeAll(async () => {
    engine = await startEngine('wasm')
    const weights = await readFile(join(shared, 'weights', 'resnet50-tinyimagenet.safetensors'))
    const trunk = await createTrunkSession(readSafetensors(weights))
    const featuresOf = (files: readonly string[]): Promise<PictureSource> =>
      labelledFeatures(trunk, join(shared, 'data', 'cats-and-dogs'), { files, classNames })
    pictures = {
      train: await featuresOf(split.train),
      validation: await featuresOf(split.validation),
      test: await featuresOf(split.test),
    }
    await trunk.release()
  }, 120_000)
  afterAll(() => {
    engine.dispose()
  })

  it('a head learns and generalises as well as with PyTorch, on average over some seeds', async () => {
    const results: Figures[] = []
    for (const seed of SEEDS) results.push(await transfer(seed))
    const { bestValidationLoss, testAccuracy } = meanOf(results)
    expect(Math.abs(bestValidationLoss - meanOf(reference.runs).bestValidationLoss)).toBeLessThan(0.015)
    expect(Math.abs(testAccuracy - reference.testAccuracy.mean)).toBeLessThan(0.02)
  }, 120_000)

  async function transfer(seed: number): Promise<Figures> {
    const hyperparameters = hyperparametersOf({ imageSize: IMAGE_SIZE, seed })
    const head = drawHead({ ...hyperparameters, classCount: classNames.length }, seed)
    let [best, bestValidationLoss] = [head, Infinity]
    for await (const event of train({ engine, hyperparameters, classNames, ...pictures, network: head })) {
      if (event.type === 'epoch' && event.isBest)
        [best, bestValidationLoss] = [event.network, event.epoch.validationLoss]
    }
    const { test } = pictures
    const predicted = likeliestClasses(await predict(engine, best, test), classNames.length)
    const right = test.labels.filter((label, i) => label === predicted[i]).length
    return { bestValidationLoss, testAccuracy: right / test.count }
  }
})

function meanOf(results: readonly Figures[]): Figures {
  const mean = (figure: keyof Figures): number =>
    results.reduce((sum, result) => sum + result[figure], 0) / results.length
  return { bestValidationLoss: mean('bestValidationLoss'), testAccuracy: mean('testAccuracy') }
}

/** `files` lie in a folder per class. */
async function labelledFeatures(
  trunk: TrunkSession,
  directory: string,
  { files, classNames }: { files: readonly string[]; classNames: readonly string[] },
): Promise<PictureSource> {
  const reader = createImageReader({ maxPixels: 64e6, maxImageBytes: 29e6 })
  const features = new Uint16Array(files.length * FEATURE_COUNT)
  for (let from = 0; from < files.length; from += BATCH) {
    const batch = files.slice(from, from + BATCH)
    const images = new Float32Array(batch.length * 3 * IMAGE_SIZE ** 2)
    await Promise.all(
      batch.map(async (file, i) => {
        const image = await reader.preprocess(await readFile(join(directory, file)), IMAGE_SIZE)
        images.set(image, i * image.length)
      }),
    )
    features.set(toHalf(await trunk.features(images, batch.length, IMAGE_SIZE)), from * FEATURE_COUNT)
  }
  const labels = Int32Array.from(files, (file) => classNames.indexOf(dirname(file)))
  return sourceInMemory({ values: features, labels, shape: [FEATURE_COUNT] })
}
