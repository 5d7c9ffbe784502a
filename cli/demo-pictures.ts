/** Which pictures the demo trains on: its own, or those in the user's folder. */
import { readdir, realpath } from 'node:fs/promises'
import { join } from 'node:path'
import type { SplitInput } from '../client/documents.js'
import { drawPicture, drawPictureSet, SHAPES } from './picture-set.js'
import type { LabelledPicture } from './training-story.js'

export interface DemoPictures {
  readonly description: string
  readonly directory: string
  readonly split: SplitInput
  readonly batchSize: number
  /** One that is not in the directory. */
  readonly newPicture?: LabelledPicture
}

const PER_CLASS = 60
const SEED = 1

export async function drawnPictures(folder: string): Promise<DemoPictures> {
  const directory = join(folder, 'pictures')
  await drawPictureSet(directory, PER_CLASS, SEED)
  return {
    description: `Drawn for this demo: ${String(PER_CLASS)} each of ${SHAPES.join(', ')}.`,
    directory,
    split: { perClass: { train: 36, validation: 12, test: 12 } },
    batchSize: 16,
    newPicture: { picture: await drawPicture('stripes', SEED), label: 'stripes, newly drawn' },
  }
}

export async function foundPictures(path: string): Promise<DemoPictures> {
  const directory = await realpath(path).catch(() => {
    throw new Error(`There is no folder ${path}.`)
  })
  if (directory.includes(':')) throw new Error(`${directory} has a ":" in it, which import roots cannot hold.`)
  const names = (await readdir(directory)).map((name) => name.toLowerCase())
  const isSplit = names.includes('train') && ['val', 'valid', 'validation'].some((name) => names.includes(name))
  return {
    description: `Yours: ${directory}${isSplit ? ', split as its folders say' : ''}.`,
    directory,
    split: isSplit ? { fromFolders: true } : { fractions: { train: 0.8, validation: 0.1, test: 0.1 } },
    batchSize: 64,
  }
}
