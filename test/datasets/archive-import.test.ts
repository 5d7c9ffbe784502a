import { randomBytes } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { gzipSync } from 'node:zlib'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ClaimLostError } from '../../src/domain/claim-lost.js'
import { rawTar, rawZip, type RawEntry } from '../../bench/abuse/raw-archives.js'
import { tarGzOf, tarOf, zipOf } from './archives.js'
import { picture } from './pictures.js'
import { openImportWorkshop, type ImportWorkshop } from './workshop.js'

let workshop: ImportWorkshop
beforeAll(async () => {
  workshop = await openImportWorkshop()
})
afterAll(() => workshop.close())

const PETS = {
  'pets/train/cat/1.png': 1,
  'pets/train/dog/2.png': 2,
  'pets/val/cat/3.png': 3,
  'pets/test/dog.4.png': 4,
  'pets/.DS_Store': 'x',
  '__MACOSX/pets/cat/._1.png': 'x',
  'pets/Thumbs.db': 'x',
  'pets/train/cat/notes.txt': 'no picture',
}

describe.each([
  ['a .zip archive', zipOf],
  ['a .zip archive in the 64-bit format', (files: typeof PETS) => zipOf(files, { forceZip64: true })],
  ['a .tar archive', tarOf],
  ['a .tar.gz archive', tarGzOf],
])('%s', (_, make) => {
  it('is imported as a folder is, looking through its top folder', async () => {
    const { row, images, reasons } = await workshop.importArchive(await make(PETS))
    expect(row).toMatchObject({ state: 'SUCCEEDED', total: 5, processed: 5, added: 4, rejectedCount: 1, error: null })
    expect(images.map((each) => [each.fileName, each.label, each.folder])).toEqual([
      ['pets/test/dog.4.png', 'dog', 'TEST'],
      ['pets/train/cat/1.png', 'cat', 'TRAIN'],
      ['pets/train/dog/2.png', 'dog', 'TRAIN'],
      ['pets/val/cat/3.png', 'cat', 'VALIDATION'],
    ])
    expect(Object.keys(reasons)).toEqual(['pets/train/cat/notes.txt'])
    const { uploads } = workshop.rooms
    expect((await uploads.ofImport(row.uploadId ?? ''))?.consumedAt).not.toBeNull()
  })

  it('that is truncated fails and says so', async () => {
    const whole = await make(PETS)
    for (const kept of [0.5, 0.9]) {
      const { row, images } = await workshop.importArchive(whole.subarray(0, Math.floor(whole.length * kept)))
      expect(row).toMatchObject({ state: 'FAILED', error: expect.stringContaining('truncated or damaged') as unknown })
      expect(images).toEqual([])
    }
  })

  it('is gone on with where its worker died, and counts as if nothing had happened', async () => {
    const files = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`c/${String(i + 10)}.png`, 100 + (i % 30)]))
    const { id } = await workshop.newImport({
      uploadId: await workshop.upload(await make({ ...files, 'd/1.png': 99 } as never)),
    })
    const { imports } = workshop.rooms
    let left = 2
    const dying = Object.assign(Object.create(imports) as typeof imports, {
      record: async (...args: Parameters<typeof imports.record>) => {
        if (left-- === 0) throw new ClaimLostError('import')
        return imports.record(...args)
      },
    })
    const slow = {
      ...workshop.rooms.reader,
      probe: async (bytes: Uint8Array) => {
        await sleep(400)
        return workshop.rooms.reader.probe(bytes)
      },
    }
    const first = await workshop.run(id, { ...workshop.rooms, imports: dying, reader: slow })
    expect(first.row).toMatchObject({ state: 'RUNNING' })
    expect(first.row.processed).toBeGreaterThan(0)
    expect(first.row.processed).toBeLessThan(41)
    const { row, images } = await workshop.run(id)
    expect(row).toMatchObject({ state: 'SUCCEEDED', total: 41, processed: 41, added: 31, duplicates: 10 })
    expect(images).toHaveLength(31)
  })
})

describe("Kaggle's own archive", () => {
  it('gets its labels from the names', async () => {
    const { images } = await workshop.importArchive(await zipOf({ 'train/cat.0.png': 1, 'train/dog.0.png': 2 }))
    expect(images.map((each) => each.label)).toEqual(['cat', 'dog'])
  })
})

describe('pictures that are there already', () => {
  it('take a split folder over where they had none, and keep the one they have', async () => {
    const folders = (images: readonly { label: string; folder: string | null }[]) =>
      Object.fromEntries(images.map((each) => [each.label, each.folder]))
    const flat = await workshop.importArchive(await zipOf({ 'cat/1.png': 61, 'dog/2.png': 62 }))
    expect(folders(flat.images)).toEqual({ cat: null, dog: null })
    const { datasetId } = flat.row
    const split = await workshop.importArchive(await zipOf({ 'train/cat/1.png': 61, 'test/dog/2.png': 62 }), datasetId)
    expect(split.row).toMatchObject({ added: 0, duplicates: 2 })
    expect(folders(split.images)).toEqual({ cat: 'TRAIN', dog: 'TEST' })
    const other = { 'val/cat/1.png': 61, 'dog/2.png': 62 }
    expect(folders((await workshop.importArchive(await zipOf(other), datasetId)).images)).toEqual(folders(split.images))
  })
})

describe('hostile entries', () => {
  it('of a .zip are rejected with the reason, and the rest is imported', async () => {
    const png = await picture(7)
    const entry = (name: string, more: Partial<RawEntry> = {}): RawEntry => ({ name, content: png, ...more })
    const { row, images, reasons } = await workshop.importArchive(
      rawZip([
        entry('cat/1.png'),
        entry('../cat/up.png'),
        entry('cat/../../up2.png'),
        entry('/cat/absolute.png'),
        entry('C:/cat/drive.png'),
        entry('cat\\backslash.png'),
        entry('cat/nul\0.png'),
        entry(`cat/${'x'.repeat(2000)}.png`),
        entry('cat/1.png', { content: await picture(8) }),
        entry('cat/link.png', { content: Buffer.from('/etc/passwd'), mode: 0o120777 }),
        entry('cat/device.png', { mode: 0o020666 }),
        entry('cat/encrypted.png', { isEncrypted: true }),
        entry('cat/more-than-it-says.png', { content: await picture(9, 60), saidSize: 10 }),
        entry('cat/less-than-it-says.png', { content: await picture(10), saidSize: 5000 }),
        entry('cat/wrong-checksum.png', { content: await picture(11), saidCrc: 1 }),
        entry('cat/heavy.png', { content: Buffer.alloc(100_001) }),
        entry('dog/2.png', { content: await picture(12) }),
      ]),
    )
    expect(row).toMatchObject({ state: 'SUCCEEDED', total: 17, processed: 17, added: 2, rejectedCount: 15 })
    expect(images.map((each) => each.fileName)).toEqual(['cat/1.png', 'dog/2.png'])
    expect(reasons).toMatchObject({
      '../cat/up.png': expect.stringContaining('leads out') as unknown,
      'cat/../../up2.png': expect.stringContaining('leads out') as unknown,
      '/cat/absolute.png': expect.stringContaining('absolute') as unknown,
      'C:/cat/drive.png': expect.stringContaining('absolute') as unknown,
      'cat\\backslash.png': expect.stringContaining('backslash') as unknown,
      'cat/nul\uFFFD.png': expect.stringContaining('control') as unknown,
      'cat/1.png': expect.stringContaining('that name already') as unknown,
      'cat/link.png': expect.stringContaining('a link') as unknown,
      'cat/device.png': expect.stringContaining('a device') as unknown,
      'cat/encrypted.png': expect.stringContaining('encrypted') as unknown,
      'cat/more-than-it-says.png': expect.stringContaining('damaged') as unknown,
      'cat/less-than-it-says.png': expect.stringContaining('damaged') as unknown,
      'cat/wrong-checksum.png': expect.stringContaining('checksum') as unknown,
      'cat/heavy.png': expect.stringContaining('100000 bytes') as unknown,
    })
  })

  it('of a .tar are rejected with the reason, and the rest is imported', async () => {
    const content = await picture(20)
    const { row, images, reasons } = await workshop.importArchive(
      rawTar([
        { name: './cat/', type: 'Directory' },
        { name: './cat/1.png', content },
        { name: '../up.png', content },
        { name: '/cat/absolute.png', content },
        { name: 'cat/link.png', type: 'SymbolicLink', linkpath: '/etc/passwd' },
        { name: 'cat/hard.png', type: 'Link', linkpath: '/etc/passwd' },
        { name: 'cat/device.png', type: 'CharacterDevice' },
        { name: '././@LongLink', type: 'NextFileHasLongPath', content: Buffer.alloc(2_000_000, 'x') },
        { name: 'cat/named-too-long.png', content },
        { name: 'cat/heavy.png', content: Buffer.alloc(100_001) },
        { name: 'dog/2.png', content: await picture(21) },
      ]),
    )
    expect(row).toMatchObject({ state: 'SUCCEEDED', total: 9, processed: 9, added: 2, rejectedCount: 7 })
    expect(images.map((each) => each.fileName)).toEqual(['cat/1.png', 'dog/2.png'])
    expect(reasons['cat/named-too-long.png']).toMatch(/too long/)
    expect(reasons['cat/link.png']).toMatch(/a link/)
  })
})

describe('a bomb', () => {
  it('by its number of entries fails before anything is taken', async () => {
    const entries = Array.from({ length: 2001 }, (_, i) => ({
      name: `cat/${String(i)}.png`,
      content: Buffer.from('x'),
    }))
    for (const archive of [rawZip(entries), rawTar(entries)]) {
      const { row, images } = await workshop.importArchive(archive)
      expect(row).toMatchObject({
        state: 'FAILED',
        error: expect.stringContaining('more than 2000 entries') as unknown,
      })
      expect([row.processed, images]).toEqual([0, []])
    }
  })

  it('by what it unpacks to, by its ratio, and by entries that share bytes, fails', async () => {
    const small = await openImportWorkshop({ unpackedBytes: 1_000_000 })
    try {
      const heavy = Buffer.alloc(600_000)
      const two = ['cat/1.png', 'cat/2.png'].map((name) => ({ name, content: heavy }))
      const before = (await readdir(small.blobs)).length
      for (const archive of [rawZip(two), gzipSync(rawTar(two))]) {
        const { row } = await small.importArchive(archive)
        expect(row).toMatchObject({
          state: 'FAILED',
          error: expect.stringContaining('more than 1000000 bytes') as unknown,
        })
      }
      const noise = { content: randomBytes(1000), sharesFirst: true }
      const shared = rawZip(
        Array.from({ length: 900 }, (_, i) => ({ ...noise, name: `cat/${String(i)}`, sharesFirst: i > 0 })),
      )
      expect((await small.importArchive(shared)).row.error).toMatch(/overlap/)
      // Nothing but the three archives themselves.
      expect((await readdir(small.blobs)).length).toBeLessThanOrEqual(before + 3)
    } finally {
      await small.close()
    }
    const said = rawZip([{ name: 'cat/1.png', content: Buffer.alloc(1000), saidSize: 1_500_000_000 }])
    expect((await workshop.importArchive(said)).row.error).toMatch(/200 times its size/)
  })
})

describe('what is no archive', () => {
  it.each([
    ['a picture', Buffer.from('89504e470d0a1a0a', 'hex'), /a picture: add it with addImage/],
    ['a .rar', Buffer.from('526172211a0700', 'hex'), /\.rar/],
    ['a .7z', Buffer.from('377abcaf271c', 'hex'), /\.7z/],
    ['a gzipped text', gzipSync('hello'), /\.gz file without a tar/],
    ['text', Buffer.from('hello'), /not known/],
  ])('fails and says what it is: %s', async (_, bytes, message) => {
    const { row } = await workshop.importArchive(bytes)
    expect(row.state).toBe('FAILED')
    expect(row.error).toMatch(message)
  })

  it('fails where the archive is empty', async () => {
    for (const archive of [rawZip([]), await zipOf({ 'readme.txt': 'x' })]) {
      const { row } = await workshop.importArchive(archive)
      expect(row).toMatchObject({ state: 'FAILED', error: expect.stringContaining('folder per class') as unknown })
    }
  })
})
