import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readManifest } from '../../src/datasets/import/csv-manifest.js'
import { zipOf } from './archives.js'
import { layOut } from './pictures.js'
import { openImportWorkshop, type ImportWorkshop } from './workshop.js'

async function read(text: string) {
  const { placements, badLines } = await readManifest(Buffer.from(text))
  return { placements: Object.fromEntries(placements), badLines }
}

describe('manifest.csv', () => {
  it('is read with quotes, a byte order mark, Windows line ends, and ; or tabs instead of commas', async () => {
    const expected = {
      'a,b.png': { label: 'big "cat"', folder: 'TRAIN' },
      'dogs/2.png': { label: 'dog', folder: null },
    }
    expect(await read('\uFEFFfile,label,split\r\n"a,b.png","big ""cat""",train\r\ndogs\\2.png,dog,\r\n')).toEqual({
      placements: expected,
      badLines: [],
    })
    expect((await read('File;Label;Split;note\n"a,b.png";"big ""cat""";TRAIN;x\n./dogs/2.png;dog')).placements).toEqual(
      expected,
    )
    expect((await read('label\tfile\ndog\tdogs/2.png\n\n')).placements).toEqual({
      'dogs/2.png': expected['dogs/2.png'],
    })
  })

  it('names each line that cannot be followed, with its number, and follows the rest', async () => {
    const { placements, badLines } = await read(
      [
        'file,label,split',
        '1.png,cat,valid',
        ',cat,',
        '2.png,,',
        '3.png,cat,holdout',
        '1.png,dog,',
        'x"y"z,cat',
        '4.png,dog',
      ].join('\n'),
    )
    expect(placements).toMatchObject({ '1.png': { label: 'cat', folder: 'VALIDATION' }, '4.png': { label: 'dog' } })
    expect(badLines).toMatchObject([
      { fileName: 'manifest.csv:3', reason: expect.stringContaining('names no file') as unknown },
      { fileName: 'manifest.csv:4', reason: expect.stringContaining('No label') as unknown },
      { fileName: 'manifest.csv:5', reason: expect.stringContaining('"holdout" is no split') as unknown },
      { fileName: 'manifest.csv:6', reason: expect.stringContaining('has a line already') as unknown },
      { fileName: 'manifest.csv:7' },
    ])
  })

  it('is no such table without the names of its columns', async () => {
    await expect(read('1.png,cat\n2.png,dog\n')).rejects.toThrow('file,label or file,label,split')
    await expect(read('')).resolves.toEqual({ placements: {}, badLines: [] })
  })

  it('ends with a quote that never closes, but not the import', async () => {
    const { placements, badLines } = await read('file,label\n1.png,cat\n2.png,"dog\n3.png,dog\n')
    expect(placements).toHaveProperty(['1.png'])
    expect(badLines).toHaveLength(1)
  })
})

describe('an import with a manifest', () => {
  let workshop: ImportWorkshop
  beforeAll(async () => {
    workshop = await openImportWorkshop()
  })
  afterAll(() => workshop.close())

  const FILES = {
    'manifest.csv': 'file,label,split\na/1.png,cat,train\n2.png,dog,test\ngone.png,cat,\n3.png,,\n',
    'a/1.png': 1,
    '2.png': 2,
    '3.png': 3,
    'unlisted/4.png': 4,
  }
  const EXPECTED = {
    state: 'SUCCEEDED',
    total: 6,
    processed: 6,
    added: 2,
    rejectedCount: 4,
  }

  it('takes labels and splits from it, in a folder and in an archive, and names what does not match', async () => {
    await layOut(workshop.roots, FILES)
    const { id } = await workshop.newImport({ directory: workshop.roots })
    const below = Object.fromEntries(Object.entries(FILES).map(([name, content]) => [`pets/${name}`, content]))
    const results = [
      await workshop.run(id),
      await workshop.importArchive(await zipOf(FILES)),
      await workshop.importArchive(await zipOf(below)),
    ]
    for (const [i, { row, images, reasons }] of results.entries()) {
      const top = i === 2 ? 'pets/' : ''
      expect(row).toMatchObject(EXPECTED)
      expect(images.map((each) => [each.fileName, each.label, each.folder])).toEqual([
        [`${top}2.png`, 'dog', 'TEST'],
        [`${top}a/1.png`, 'cat', 'TRAIN'],
      ])
      expect(Object.keys(reasons).sort()).toEqual(
        [`${top}3.png`, 'gone.png', 'manifest.csv:5', `${top}unlisted/4.png`].sort(),
      )
    }
  })

  it('is gone on with after every place that it may have been left at', async () => {
    const uploadId = await workshop.upload(await zipOf(FILES))
    for (let processed = 0; processed <= 6; processed++) {
      const { id } = await workshop.newImport({ uploadId })
      await workshop.database.prisma.imageImport.update({ where: { id }, data: { processed } })
      const { row } = await workshop.run(id)
      expect(row.processed).toBe(6)
      expect(row.added + row.rejectedCount).toBe(6 - processed)
    }
  })
})
