/** A dataset of many small pictures, as an import would have left it: rows by Postgres itself, files where blobs lie. */
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import sharp from 'sharp'
import type { PrismaClient } from '../../src/database/generated/client.js'
import { sha256Of } from '../../src/domain/digest.js'
import { blobPlace } from '../../src/storage/blob-name.js'

const SIDE = 48
const CLASSES = ['circle', 'square', 'star', 'stripe', 'wave']
const AT_ONCE = 500

/** @param folder where blobs are kept */
export async function seedPictures(prisma: PrismaClient, folder: string, count: number): Promise<void> {
  const { id: datasetId } = await prisma.dataset.create({ data: { name: 'many pictures' } })
  for (let from = 0; from < count; from += AT_ONCE) {
    const numbers = Array.from({ length: Math.min(AT_ONCE, count - from) }, (_, i) => from + i)
    const files = await Promise.all(numbers.map((number) => keepPicture(folder, number)))
    const data = files.map((file, i) => ({ ...file, datasetId, ...nameOf(numbers[i] as number) }))
    await prisma.image.createMany({ data })
  }
  await prisma.$executeRaw`VACUUM ANALYZE image`
}

function nameOf(number: number): { label: string; fileName: string } {
  const label = CLASSES[number % CLASSES.length] as string
  return { label, fileName: `${label}/${String(number).padStart(6, '0')}.png` }
}

/** Each its own: a plain square, its number the colour. */
async function keepPicture(folder: string, number: number) {
  const background = `#${(number * 379).toString(16).padStart(6, '0').slice(-6)}`
  const plain = sharp({ create: { width: SIDE, height: SIDE, channels: 3, background } })
  const bytes = await plain
    .withMetadata({ exif: { IFD0: { ImageDescription: String(number) } } })
    .png()
    .toBuffer()
  const sha256 = sha256Of(bytes)
  const path = join(folder, blobPlace(sha256))
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, bytes)
  return { sha256, format: 'png', width: SIDE, height: SIDE, byteSize: bytes.length }
}
