/** Pooled features as a child of its own collects them, beside the runs: it computes alone, and says what it stores and reads. */
import { collectFeatures, type FeatureCollection } from '../features/collect-features.js'
import type { FeatureReader } from '../features/feature-reader.js'
import { FEATURE_COUNT } from '../network/resnet50.js'
import type { EvaluationTools } from './evaluation-task.js'

type Wanted = Pick<
  FeatureCollection,
  'key' | 'shards' | 'pictures' | 'imageSize' | 'budgetBytes' | 'memoryBytes' | 'openTrunk'
>

/** @throws RunError, StorageError, WeightsError */
export function collectPooled(
  wanted: Wanted,
  { storage, images, link }: Pick<EvaluationTools, 'storage' | 'images' | 'link'>,
): Promise<FeatureReader> {
  return collectFeatures({
    ...wanted,
    ...{ storage, images, width: FEATURE_COUNT },
    // Whoever ends the task ends its process.
    signal: new AbortController().signal,
    report: {
      progressed: () => undefined,
      clamped: () => undefined,
      shardStored: (shard) => {
        link.say({ type: 'shardStored', shard, portionId: null })
      },
      shardsRead: (read) => {
        link.say({ type: 'shardsRead', ...read })
      },
    },
  })
}
