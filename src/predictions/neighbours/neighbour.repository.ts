/** What was learnt from. */
import type { PrismaClient } from '../../database/generated/client.js'
import type { ModelFacts } from '../model.repository.js'

export interface TrainingPicture {
  readonly imageId: string
  readonly sha256: string
  readonly classIndex: number
}

export class NeighbourRepository {
  constructor(private readonly prisma: PrismaClient) {}

  countTraining(versionId: string): Promise<number> {
    return this.prisma.datasetVersionImage.count({ where: { versionId, split: 'TRAIN' } })
  }

  /** Those of the given ones that are in TRAIN, in no order. */
  training({ versionId, datasetId }: ModelFacts, sha256s: readonly string[]): Promise<TrainingPicture[]> {
    return this.prisma.$queryRaw<TrainingPicture[]>`
      SELECT i.id AS "imageId", i.sha256, v.class_index AS "classIndex"
      FROM image AS i JOIN dataset_version_image AS v ON v.image_id = i.id
      WHERE i.dataset_id = ${datasetId}::uuid AND i.sha256 = ANY (${[...sha256s]}::text[])
        AND v.version_id = ${versionId}::uuid AND v.split = 'TRAIN'`
  }
}
