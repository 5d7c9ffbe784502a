/** Writes a version's manifest again where storage has lost it: the rows say the same. */
import type { Logger } from 'pino'
import type { PrismaClient } from '../database/generated/client.js'
import { writeManifest } from '../domain/manifest.js'
import type { BlobStore } from '../storage/blob-store.js'
import { isWhole } from '../storage/is-whole.js'

export class ManifestRepository {
  constructor(
    private readonly prisma: PrismaClient,
    private readonly storage: BlobStore,
  ) {}

  /** Where that fails, whoever reads the manifest finds out why. */
  async ensure(versionId: string, log: Logger): Promise<void> {
    await this.restore(versionId).catch((error: unknown) => {
      log.warn({ err: error, versionId }, 'It could not be seen whether the manifest is whole.')
    })
  }

  private async restore(versionId: string): Promise<void> {
    const version = await this.prisma.datasetVersion.findUnique({
      where: { id: versionId },
      select: { digest: true, classNames: true },
    })
    if (version === null || (await isWhole(this.storage, version.digest))) return
    const entries = await this.prisma.$queryRaw<Parameters<typeof writeManifest>[0]['entries']>`
      SELECT i.sha256, v.class_index AS "classIndex", v.split
      FROM dataset_version_image v JOIN image i ON i.id = v.image_id
      WHERE v.version_id = ${versionId}::uuid ORDER BY v.position`
    // Whoever reads it proves it: what the rows do not give any more does not pass for it.
    await this.storage.put(Buffer.from(writeManifest({ classNames: version.classNames, entries })))
  }
}
