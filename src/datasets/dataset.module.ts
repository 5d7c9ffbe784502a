import type { Config } from '../config/config.js'
import type { PrismaClient } from '../database/generated/client.js'
import type { Events } from '../events/events.js'
import { rowNodes, type NounModule } from '../graphql/node.type.js'
import type { ImageReader } from '../images/image.reader.js'
import type { Queue } from '../jobs/queue.js'
import type { BlobStore } from '../storage/blob-store.js'
import type { UploadRepositories } from '../uploads/uploads.module.js'
import { DatasetRemovalRepository } from './dataset-removal.repository.js'
import { DatasetVersionRepository } from './dataset-version.repository.js'
import { DatasetVersionResolver, VersionsOfDatasetResolver } from './dataset-version.resolver.js'
import { DatasetVersionService } from './dataset-version.service.js'
import { DatasetVersionType } from './dataset-version.type.js'
import { DatasetRepository } from './dataset.repository.js'
import { DatasetResolver } from './dataset.resolver.js'
import { DatasetService } from './dataset.service.js'
import { DatasetType } from './dataset.type.js'
import type { ImageFetch } from './image-fetch.js'
import type { ImageLinks } from './image-links.js'
import { ImageChangeRepository, type ChangeListener } from './image-change.repository.js'
import { ImageChangeResolver } from './image-change.resolver.js'
import { ImageChangeService } from './image-change.service.js'
import { ImageSourceService } from './image-source.service.js'
import { ImageRepository } from './image.repository.js'
import { ImageResolver, ImagesOfDatasetResolver } from './image.resolver.js'
import { ImageService } from './image.service.js'
import { ImageType } from './image.type.js'
import { ImageImportResolver, ImportsOfDatasetResolver } from './import/image-import.resolver.js'
import { ImageImportService } from './import/image-import.service.js'
import { ImageImportType } from './import/image-import.type.js'
import { ImportRepository } from './import/import.repository.js'
import { ImportRoots } from './import/import-roots.js'

export interface DatasetsOptions {
  readonly config: Pick<Config, 'importRoots' | 'maxImageBytes' | 'maxPixels'>
  readonly prisma: PrismaClient
  readonly storage: BlobStore
  readonly events: Events
  readonly queue: Queue
  readonly reader: ImageReader
  readonly links: ImageLinks
  readonly uploads: UploadRepositories
  readonly fetchImage: ImageFetch
  readonly onChange: ChangeListener
}

/** What other nouns read of datasets, so that a request's loaders are shared. */
export interface DatasetRepositories {
  readonly datasets: DatasetRepository
  readonly images: ImageRepository
  readonly versions: DatasetVersionRepository
  readonly sources: ImageSourceService
  readonly pictures: ImageService
}

export function createDatasets(options: DatasetsOptions): NounModule & { readonly repositories: DatasetRepositories } {
  const { config, prisma, storage, events, queue, reader, links, fetchImage } = options
  const datasets = new DatasetRepository(prisma)
  const images = new ImageRepository(prisma)
  const versions = new DatasetVersionRepository(prisma)
  const imports = new ImportRepository(prisma)
  const sources = new ImageSourceService({ ...options.uploads, images, storage, fetchImage }, config)
  const pictures = new ImageService({ images, datasets, sources, reader, storage })
  const roots = new ImportRoots(config.importRoots)
  return {
    repositories: { datasets, images, versions, sources, pictures },
    resolvers: [
      new DatasetResolver(new DatasetService(datasets, new DatasetRemovalRepository(prisma)), datasets),
      new ImageResolver(pictures, datasets, links),
      new ImageChangeResolver(new ImageChangeService(new ImageChangeRepository(prisma, options.onChange))),
      new ImagesOfDatasetResolver(images),
      new ImageImportResolver(new ImageImportService({ ...options.uploads, imports, datasets, roots, queue }), {
        imports,
        datasets,
        events,
      }),
      new ImportsOfDatasetResolver(imports),
      new DatasetVersionResolver(new DatasetVersionService(versions, storage), versions, datasets),
      new VersionsOfDatasetResolver(versions),
    ],
    nodes: [
      rowNodes('Dataset', datasets.byIds, (row) => new DatasetType(row)),
      rowNodes('Image', images.byIds, (row) => new ImageType(row)),
      rowNodes('ImageImport', imports.byIds, (row) => new ImageImportType(row)),
      rowNodes('DatasetVersion', versions.byIds, (row) => new DatasetVersionType(row)),
    ],
  }
}
