import { collectFeatures, type FeatureReport } from '../features/collect-features.js'
import { featureKey } from '../features/feature-key.js'
import type { FeatureTable } from '../features/feature-table.js'
import { openTrunk } from './open-trunk.js'
import { choosePrecision } from './trunk-precision.js'
import type { RunContext } from './run-context.js'
import { pictureOrder, type Splits } from './run-data.js'

/**
 * Pins the trunk and collects the features of every picture.
 * @returns the table's rows in `pictureOrder`
 */
export async function prepare(
  context: RunContext,
  splits: Splits,
): Promise<{ trunkSha256: string; table: FeatureTable }> {
  const { task, manifest, storage, images, trunks, link, engine, signal } = context
  const { imageSize } = task.hyperparameters
  const configured = task.trunkSha256 === null ? await trunks.configured(signal) : null
  const trunkSha256 = configured?.sha256 ?? (task.trunkSha256 as string)
  const trunkPrecision = await choosePrecision(context, { trunkSha256, training: splits.TRAIN.positions })
  const key = featureKey({ trunkSha256, trunkPrecision, imageSize })
  const { shards } = await link.ask(
    { type: 'prepared', trunkSha256, trunkPrecision, configured, engine: engine.info, featureKey: key },
    'shards',
    signal,
  )
  const table = await collectFeatures({
    storage,
    images,
    imageSize,
    key,
    shards,
    signal,
    pictures: pictureOrder(manifest, splits),
    openTrunk: () => openTrunk(trunks, { trunkSha256, trunkPrecision }),
    report: reportTo(context),
  })
  context.progress.flush()
  return { trunkSha256, table }
}

function reportTo({ link, progress }: RunContext): FeatureReport {
  return {
    progressed: (features) => {
      progress.features(features)
    },
    shardStored: (shard) => {
      link.say({ type: 'shardStored', shard })
    },
    shardsRead: (shards) => {
      link.say({ type: 'shardsRead', ...shards })
    },
  }
}
