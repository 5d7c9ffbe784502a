/** Changed copies of some pictures put among all of them: how many are found, and what else is taken for a duplicate? */
import sharp, { type Sharp } from 'sharp'
import { createProductSession } from '../../src/inference/product.session.js'
import { findDuplicates } from '../../src/inspection/duplicates.js'
import { rowsOf, type Observer, type Photograph } from './photographs.js'

interface Side {
  readonly width: number
  readonly height: number
}

type Change = (image: Sharp, side: Side) => Sharp

/** The middle, with so much of each side. */
function crop(share: number): Change {
  return (image, { width, height }) => {
    const kept = { width: Math.round(share * width), height: Math.round(share * height) }
    return image.extract({ ...kept, left: (width - kept.width) >> 1, top: (height - kept.height) >> 1 }).jpeg()
  }
}

/** As people and programs change pictures. */
export const CHANGES: Readonly<Record<string, Change>> = {
  'JPEG of quality 40': (image) => image.jpeg({ quality: 40 }),
  'WebP of quality 60': (image) => image.webp({ quality: 60 }),
  'half the size': (image, { width }) => image.resize(Math.round(width / 2)).jpeg({ quality: 85 }),
  '100 pixels wide': (image) => image.resize(100).jpeg({ quality: 85 }),
  'squeezed to a square': (image) => image.resize(224, 224, { fit: 'fill' }).jpeg(),
  'brighter by a quarter': (image) => image.modulate({ brightness: 1.25 }).jpeg(),
  'without colour': (image) => image.grayscale().jpeg(),
  mirrored: (image) => image.flop().jpeg(),
  'a white frame of a tenth': (image, { width }) => {
    const side = Math.round(width / 10)
    return image.extend({ top: side, bottom: side, left: side, right: side, background: '#fff' }).jpeg()
  },
  'cropped to 95 % of each side': crop(0.95),
  'cropped to 90 % of each side': crop(0.9),
  'cropped to 80 % of each side': crop(0.8),
  'cropped to 60 % of each side': crop(0.6),
}

/** All pictures as they were, with what is known of them. */
export interface Originals {
  readonly photographs: readonly Photograph[]
  readonly hashes: readonly bigint[]
  /** [pictures, 2048] */
  readonly features: Float32Array
}

export interface CopiesFound {
  readonly copies: number
  /** Copies in one group with their original: by hash alone, and by features too. */
  readonly byHash: number
  readonly byBoth: number
  /** Groups, by features too, in which a picture is that neither is a copy of another one there nor has one. */
  readonly strangeGroups: number
}

/** @param of indices of the photographs that get a copy */
export async function findCopies(
  { photographs, hashes, features }: Originals,
  { of, change, observer }: { of: readonly number[]; change: Change; observer: Observer },
): Promise<CopiesFound> {
  const copies = await Promise.all(of.map((i) => changed(photographs[i]?.bytes as Buffer, change)))
  const both = {
    hashes: [...hashes, ...(await Promise.all(copies.map((bytes) => observer.hashOf(bytes))))],
    features: joined(features, await observer.featuresOf(copies)),
  }
  const originalOf = (picture: number): number => of[picture - photographs.length] ?? picture
  const [hashGroups, groups] = [await groupsOf(both.hashes, null), await groupsOf(both.hashes, both.features)]
  const found = (all: readonly number[][]): number =>
    all.flatMap((group) =>
      group.filter((picture) => picture >= photographs.length && group.includes(originalOf(picture))),
    ).length
  const strange = groups.filter((group) => new Set(group.map(originalOf)).size > 1)
  return { copies: of.length, byHash: found(hashGroups), byBoth: found(groups), strangeGroups: strange.length }
}

/** @returns groups of pictures */
export async function groupsOf(hashes: readonly bigint[], features: Float32Array | null): Promise<number[][]> {
  const product = await createProductSession()
  try {
    const rows = features && (await rowsOf(features))
    const groups = await findDuplicates({ hashes, features: rows }, product)
    return groups.map((group) => group.map(({ picture }) => picture))
  } finally {
    await product.release()
  }
}

async function changed(bytes: Buffer, change: Change): Promise<Buffer> {
  const { data, info } = await sharp(bytes).rotate().raw().toBuffer({ resolveWithObject: true })
  return change(sharp(data, { raw: info }), info).toBuffer()
}

function joined(one: Float32Array, other: Float32Array): Float32Array {
  const both = new Float32Array(one.length + other.length)
  both.set(one)
  both.set(other, one.length)
  return both
}
