/** Against torchvision's functions on bytes; transforms.reference.py wrote the figures. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import {
  autoContrast,
  brightness,
  contrast,
  posterize,
  saturation,
  solarize,
} from '../../../src/images/augment/colour.js'
import { mirror, rotate, shearX, shearY, translate } from '../../../src/images/augment/geometry.js'
import { randAugment } from '../../../src/images/augment/rand-augment.js'
import type { RawImage } from '../../../src/images/image.tensor.js'
import { randomKey, randomStream } from '../../../src/domain/random.js'

const SIDE = 7
const reference = JSON.parse(readFileSync(new URL('transforms.reference.json', import.meta.url), 'utf8')) as Readonly<
  Record<string, number[]>
>
const image: RawImage = { data: Uint8Array.from(reference['image'] ?? []), width: SIDE, height: SIDE, channels: 3 }

describe('A change of pixels is the same as torchvision makes it:', () => {
  it.each<[string, RawImage]>([
    ['mirror', mirror(image)],
    ['brightness 0.7', brightness(image, 0.7)],
    ['brightness 1.27', brightness(image, 1.27)],
    ['contrast 0.73', contrast(image, 0.73)],
    ['contrast 1.4', contrast(image, 1.4)],
    ['saturation 0.6', saturation(image, 0.6)],
    ['saturation 1.4', saturation(image, 1.4)],
    ['autoContrast', autoContrast(image)],
    ['posterize 3', posterize(image, 3)],
    ['solarize 128', solarize(image, 128)],
    ['rotate 90', rotate(image, 90)],
    ['rotate 9', rotate(image, 9)],
    ['translate 2 -1', translate(image, 2, -1)],
    ['shearX 0.3', shearX(image, 0.3)],
  ])('%s', (name, changed) => {
    expect([...changed.data]).toEqual(reference[name])
  })
})

describe('Changes of pixels', () => {
  it('shear columns as they shear rows', () => {
    const turned = (of: RawImage): RawImage => mirror(rotate(of, 90))
    expect(shearY(image, 0.3).data).toEqual(turned(shearX(turned(image), 0.3)).data)
  })

  it('leave the picture that they are given alone, and come back the same for the same draws', () => {
    const before = Uint8Array.from(image.data)
    const changed = (picture: number): RawImage => randAugment(image, randomStream(randomKey(0, 'test', picture)))
    const all = Array.from({ length: 40 }, (_, i) => changed(i))
    expect(image.data).toEqual(before)
    expect(all.map((_, i) => changed(i))).toEqual(all)
    expect(new Set(all.map(({ data }) => data.join())).size).toBeGreaterThan(20)
  })
})
