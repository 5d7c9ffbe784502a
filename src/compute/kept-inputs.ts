/** What the frozen part makes of every picture, and of the views that an augmented run keeps. */
import { collectFeatures, type FeatureProgress, type FeatureReport } from '../features/collect-features.js'
import { featureKey } from '../features/feature-key.js'
import type { FeatureRecipe } from '../features/feature-recipe.js'
import type { FeatureReader } from '../features/feature-reader.js'
import { elementCount } from '../network/weights.js'
import { openTrunkOf } from './open-trunk-of.js'
import { shareTrunk } from './open-trunk.js'
import type { Inputs, WantedInputs } from './inputs.type.js'
import type { RunContext } from './run-context.js'
import { augmentedSource, keptViews, type KeptView } from './training-views.js'

/** For features that a run holds in memory: pooled ones of 65,000 pictures. The others are read when they are needed. */
const MEMORY_BYTES = 256 * 2 ** 20

interface WantedFeatures extends WantedInputs {
  readonly recipe: FeatureRecipe
  /** Those that are kept of the pictures as they are. */
  readonly shards: readonly string[]
}

export async function keptInputs(context: RunContext, wanted: WantedFeatures): Promise<Inputs> {
  const { task, link, signal, progress, figures, featureCacheBytes } = context
  const { pictures, trainingCount, shape, recipe } = wanted
  const training = pictures.slice(0, trainingCount)
  const views = keptViews(task.hyperparameters)
  const parts = 1 + views.length
  const trunk = shareTrunk(async () => figures.watch(await openTrunkOf(recipe, context)))
  const report = reportTo(context, pictures.length + views.length * training.length)
  const readers: FeatureReader[] = []
  const collect = async (part: Part): Promise<void> => {
    readers.push(
      await collectFeatures({
        ...{ storage: context.storage, images: context.images, signal, imageSize: recipe.imageSize },
        width: elementCount(shape),
        budgetBytes: featureCacheBytes / parts,
        memoryBytes: MEMORY_BYTES / parts,
        shareOut: (request) => link.ask({ type: 'portionWanted', ...request }, 'portion', signal),
        openTrunk: () => trunk.use(),
        report: report.next(),
        ...part,
      }),
    )
  }
  const close = async (): Promise<void> => {
    await Promise.all(readers.map((reader) => reader.close()))
    await trunk.close()
  }
  try {
    await collect({ key: featureKey(recipe), shards: wanted.shards, pictures })
    for (const { place, view } of views) {
      const varied = { ...recipe, view: place }
      const key = featureKey(varied)
      const { shards } = await link.ask({ type: 'featuresWanted', featureKey: key, recipe: varied }, 'shards', signal)
      await collect({ key, shards, pictures: training, view })
    }
  } catch (error) {
    await close()
    throw error
  }
  progress.flush()
  figures.flush()
  const [plain, ...varied] = readers
  return {
    inputs: { shape, read: (rows) => (plain as FeatureReader).read(rows) },
    varied: (source) =>
      augmentedSource(
        task.hyperparameters,
        source,
        varied.map((view) => ({ ...source, read: (rows) => view.read(rows) })),
      ),
    close,
  }
}

interface Part extends Partial<Pick<KeptView, 'view'>> {
  readonly key: string
  readonly shards: readonly string[]
  readonly pictures: readonly string[]
}

/** One report after the other, as parts of `total` features. */
function reportTo({ link, progress, log }: RunContext, total: number): { next(): FeatureReport } {
  let before = 0
  let latest = 0
  return {
    next: () => {
      before += latest
      latest = 0
      return {
        progressed: ({ done, imagesPerSecond }: FeatureProgress) => {
          latest = done
          progress.features({ done: before + done, total, imagesPerSecond })
        },
        shardStored: (shard, portionId) => {
          link.say({ type: 'shardStored', shard, portionId })
        },
        shardsRead: (shards) => {
          link.say({ type: 'shardsRead', ...shards })
        },
        clamped: (values) => {
          log.warn({ values }, 'Activations beyond 65504, the range of half precision, were cut off there.')
        },
      }
    },
  }
}
