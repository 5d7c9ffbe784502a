/** How long a run will take, from runs of the same kind that this server has finished. Null where there is none. */
import type { RecentSpeedsQuery } from './queries/train.documents.js'

export interface Planned {
  readonly trainableLayers: string
  readonly imageSize: number
  readonly epochs: number
  readonly trainPictures: number
}

export function estimatedSeconds(speeds: RecentSpeedsQuery, planned: Planned): number | null {
  const same = speeds.trainingRuns.nodes.find(
    ({ hyperparameters, latestEpoch }) =>
      latestEpoch !== null &&
      hyperparameters.trainableLayers === planned.trainableLayers &&
      hyperparameters.imageSize === planned.imageSize,
  )
  const seconds = same?.latestEpoch?.seconds
  const train = same?.datasetVersion.splits.find(({ name }) => name === 'TRAIN')?.imageCount
  if (seconds === undefined || train === undefined || train === 0) return null
  return (seconds / train) * planned.trainPictures * planned.epochs
}
