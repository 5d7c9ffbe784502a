import { collectFeatures, type FeatureProgress, type FeatureReport } from '../features/collect-features.js'
import { featureKey } from '../features/feature-key.js'
import type { FeatureTable } from '../features/feature-table.js'
import type { TrunkSession } from '../inference/sessions.js'
import { openTrunk } from './open-trunk.js'
import { choosePrecision } from './trunk-precision.js'
import type { RunContext } from './run-context.js'
import { pictureOrder, type Splits } from './run-data.js'
import { keptViews, type KeptView } from './training-views.js'

export interface Prepared {
  readonly trunkSha256: string
  /** Rows in `pictureOrder`. */
  readonly table: FeatureTable
  /** Of the training pictures, in their order, one table for each of `keptViews`. */
  readonly views: readonly FeatureTable[]
}

/** Pins the trunk with its precision and collects the features of every picture and of every view to learn from. */
export async function prepare(context: RunContext, splits: Splits): Promise<Prepared> {
  const { task, manifest, trunks, link, engine, signal } = context
  const { imageSize } = task.hyperparameters
  const configured = task.trunkSha256 === null ? await trunks.configured(signal) : null
  const trunkSha256 = configured?.sha256 ?? (task.trunkSha256 as string)
  const trunkPrecision = await choosePrecision(context, { trunkSha256, training: splits.TRAIN.positions })
  const source = { trunkSha256, trunkPrecision, imageSize }
  const pictures = pictureOrder(manifest, splits)
  const training = pictures.slice(0, splits.TRAIN.positions.length)
  const wanted = keptViews(task.hyperparameters)
  const report = reportTo(context, pictures.length + wanted.length * training.length)
  const open = (): Promise<TrunkSession> => openTrunk(trunks, source)

  const key = featureKey(source)
  const prepared = { type: 'prepared', trunkSha256, trunkPrecision, configured, engine: engine.info } as const
  const { shards } = await link.ask({ ...prepared, featureKey: key }, 'shards', signal)
  const table = await collect(context, { key, shards, pictures, openTrunk: open, report: report.next() })
  const views: FeatureTable[] = []
  for (const { name, view } of wanted) {
    const keyOfView = featureKey({ ...source, view: name })
    const kept = await link.ask({ type: 'featuresWanted', featureKey: keyOfView }, 'shards', signal)
    const part = { key: keyOfView, shards: kept.shards, pictures: training, openTrunk: open, report: report.next() }
    views.push(await collect(context, { ...part, view }))
  }
  context.progress.flush()
  return { trunkSha256, table, views }
}

interface Part extends Partial<Pick<KeptView, 'view'>> {
  readonly key: string
  readonly shards: readonly string[]
  readonly pictures: readonly string[]
  readonly openTrunk: () => Promise<TrunkSession>
  readonly report: FeatureReport
}

function collect({ task, storage, images, signal }: RunContext, part: Part): Promise<FeatureTable> {
  return collectFeatures({ storage, images, signal, imageSize: task.hyperparameters.imageSize, ...part })
}

/** One report after the other, as parts of `total` features. */
function reportTo({ link, progress }: RunContext, total: number): { next(): FeatureReport } {
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
        shardStored: (shard) => {
          link.say({ type: 'shardStored', shard })
        },
        shardsRead: (shards) => {
          link.say({ type: 'shardsRead', ...shards })
        },
      }
    },
  }
}
