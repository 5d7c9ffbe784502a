/** The pictures themselves, where nothing is frozen and so there is nothing to keep. */
import type { Hyperparameters } from '../domain/hyperparameters.js'
import { randomKey, randomWords } from '../domain/random.js'
import { readPixels } from '../features/picture-pixels.js'
import { pictureWords, viewOf, type View } from '../images/augment/view.js'
import type { PictureSource } from '../training/training.type.js'
import type { Inputs, WantedInputs } from './inputs.type.js'
import type { RunContext } from './run-context.js'

export function pixelInputs(context: RunContext, { pictures, shape }: WantedInputs): Inputs {
  const { task, storage, images, signal } = context
  const { hyperparameters } = task
  const reading = { storage, images, signal, imageSize: hyperparameters.imageSize }
  const named = (rows: Uint32Array): string[] => Array.from(rows, (row) => pictures[row] as string)
  return {
    inputs: { shape, read: (rows) => readPixels(named(rows), reading) },
    varied: (training): PictureSource => ({
      ...training,
      read: (rows, epoch) => {
        const view = freshView(hyperparameters, epoch)
        return view === null ? training.read(rows) : readPixels(named(rows), { ...reading, view })
      },
    }),
    close: () => Promise.resolve(),
  }
}

/** Every epoch draws a view of its own; of FLIP's two, one. */
function freshView(
  { augmentation, seed }: Pick<Hyperparameters, 'augmentation' | 'seed'>,
  epoch: number | undefined,
): ((picture: string) => View) | null {
  if (epoch === undefined || augmentation === 'NONE') return null
  if (augmentation !== 'FLIP') return (picture) => viewOf({ augmentation, seed, picture, number: epoch })
  return (picture) => {
    const [word = 0] = randomWords(randomKey(seed, 'view', epoch, ...pictureWords(picture)), 1)
    return viewOf({ augmentation, seed, picture, number: word % 2 })
  }
}
