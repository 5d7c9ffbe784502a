import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { expect, it } from 'vitest'
import { drawPicture, drawPictureSet, SHAPES } from '../../cli/picture-set.js'

async function digestsOf(seed: number): Promise<string[]> {
  const directory = await mkdtemp(join(tmpdir(), 'graft-pictures-'))
  try {
    await drawPictureSet(directory, 4, seed)
    const files = (await readdir(directory, { recursive: true })).filter((name) => name.endsWith('.jpg')).sort()
    return await Promise.all(
      files.map(async (name) =>
        createHash('sha256')
          .update(await readFile(join(directory, name)))
          .digest('hex'),
      ),
    )
  } finally {
    await rm(directory, { recursive: true })
  }
}

it('draws as many different pictures of each class as asked, the same ones for the same seed', async () => {
  const first = await digestsOf(1)
  expect(new Set(first).size).toBe(4 * SHAPES.length)
  expect(await digestsOf(1)).toEqual(first)
  expect((await digestsOf(2)).some((digest) => first.includes(digest))).toBe(false)
})

it('draws a new picture that is none of the set', async () => {
  const picture = await drawPicture('stripes', 1)
  expect(await sharp(picture).metadata()).toMatchObject({ format: 'jpeg', width: 96, height: 96 })
  expect(await digestsOf(1)).not.toContain(createHash('sha256').update(picture).digest('hex'))
})
