import { describe, expect, it } from 'vitest'
import { readManifest, writeManifest, type Manifest } from '../../src/domain/manifest.js'

const MANIFEST: Manifest = {
  classNames: ['a "quoted" cat', 'dog\n'],
  entries: [
    { sha256: 'ab', classIndex: 1, split: 'TEST' },
    { sha256: 'cd', classIndex: 0, split: 'TRAIN' },
  ],
}

describe('A manifest', () => {
  it('is read back as it was written', () => {
    expect(readManifest(writeManifest(MANIFEST))).toEqual(MANIFEST)
  })

  it('is the same text in whatever order the pictures come', () => {
    const turned = { ...MANIFEST, entries: [...MANIFEST.entries].reverse() }
    expect(writeManifest(turned)).toBe(writeManifest(MANIFEST))
  })

  it.each([
    ['another class order', { ...MANIFEST, classNames: [...MANIFEST.classNames].reverse() }],
    [
      'another split',
      { ...MANIFEST, entries: MANIFEST.entries.map((entry) => ({ ...entry, split: 'TRAIN' as const })) },
    ],
    ['another label', { ...MANIFEST, entries: MANIFEST.entries.map((entry) => ({ ...entry, classIndex: 0 })) }],
    ['a picture less', { ...MANIFEST, entries: MANIFEST.entries.slice(1) }],
  ])('is another text for %s', (_, other) => {
    expect(writeManifest(other)).not.toBe(writeManifest(MANIFEST))
  })

  it('refuses a line that is none', () => {
    expect(() => readManifest('["a"]\nab 0 SOMEWHERE\n')).toThrow(/Not a manifest line/)
  })
})
