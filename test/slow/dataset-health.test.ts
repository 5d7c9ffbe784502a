import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { CHANGES, findCopies, groupsOf } from '../../bench/health/planted-copies.js'
import { findPlanted } from '../../bench/health/planted-labels.js'
import { createObserver, readPhotographs, type Observer, type Photograph } from '../../bench/health/photographs.js'
import { describeWithShared } from '../shared.js'

/** At 64 pixels: a linear classifier of this trunk's features is right in four of five. */
describeWithShared('among photographs', (shared) => {
  let observer: Observer
  let photographs: Photograph[]
  let features: Float32Array
  let hashes: bigint[]

  beforeAll(async () => {
    observer = await createObserver(join(shared, 'weights', 'resnet50-tinyimagenet.safetensors'), 64)
    ;({ photographs } = await readPhotographs(join(shared, 'data', 'cats-and-dogs')))
    features = await observer.featuresOf(photographs.map(({ bytes }) => bytes))
    hashes = await Promise.all(photographs.map(({ bytes }) => observer.hashOf(bytes)))
  })

  afterAll(() => observer.release())

  it('planted wrong labels are many times as frequent among the most doubtful as among all', async () => {
    const labels = photographs.map(({ label }) => label)
    const found = await Promise.all(
      [0, 1, 2, 3, 4].map((seed) => findPlanted({ features, labels, classCount: 2, share: 0.05, seed })),
    )
    const mean = (of: (each: (typeof found)[0]) => number): number =>
      found.reduce((sum, each) => sum + of(each), 0) / found.length
    expect(mean(({ precision }) => precision)).toBeGreaterThan(0.42)
    expect(mean(({ recall }) => recall)).toBeGreaterThan(0.5)
  })

  it('changed copies are found, and no two photographs are taken for the same', async () => {
    expect(await groupsOf(hashes, features)).toEqual([])
    const of = photographs.map((_, i) => i).filter((i) => i % 10 === 0)
    for (const name of ['JPEG of quality 40', '100 pixels wide', 'mirrored', 'cropped to 90 % of each side']) {
      const change = CHANGES[name]
      if (change === undefined) throw new Error(`There is no change "${name}".`)
      const { byBoth, strangeGroups } = await findCopies({ photographs, hashes, features }, { of, change, observer })
      expect({ name, byBoth, strangeGroups }).toEqual({ name, byBoth: of.length, strangeGroups: 0 })
    }
  })
})
