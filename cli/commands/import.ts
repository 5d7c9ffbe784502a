import { join, resolve } from 'node:path'
import { CreateDatasetDocument, ImportImagesDocument, type ImportStateFragment } from '../../client/documents.js'
import { accepted, RefusedError } from '../../client/errors.js'
import type { UploadAddress } from '../../client/upload.js'
import { type BegunUpload, begunUpload } from '../begun-uploads.js'
import type { CommandContext } from '../context.js'
import { stateFolder } from '../environment.js'
import { expectImported, followImport, tellImport } from '../import-progress.js'
import { tellMissingTrainer } from '../missing-trainer.js'
import { DatasetContentDocument, DiscardDatasetDocument, FindDatasetDocument } from '../operations.documents.js'
import { type Parcel, parcelOf } from '../parcel.js'

/** `import`: a folder or an archive of this machine, sent to the server wherever it is. */
export async function importFrom(context: CommandContext, from: string, dataset: string): Promise<void> {
  const state = await sendAndImport(context, from, dataset)
  context.terminal.result(state, (screen) => {
    tellImport(screen, state)
  })
  expectImported(state)
}

export async function sendAndImport(
  context: CommandContext,
  from: string,
  dataset: string,
): Promise<ImportStateFragment> {
  const { client, terminal, signal } = context
  const parcel = await parcelOf(from)
  const target = await findOrCreate(client, dataset)
  const asked = await sendTo(context, target.id, { parcel, from: resolve(from) }).catch(async (error: unknown) => {
    if (error instanceof RefusedError) await discard(client, target)
    throw error
  })
  await tellMissingTrainer(context)
  const ended = await followImport({ client, screen: terminal.screen, signal }, asked)
  if (ended.state === 'FAILED') await discard(client, target)
  return ended
}

async function sendTo(
  context: CommandContext,
  datasetId: string,
  { parcel, from }: { parcel: Parcel; from: string },
): Promise<ImportStateFragment> {
  const begun = await begunUpload(join(stateFolder(), 'uploads'), [datasetId, from, parcel.listing])
  const uploadId = await send(context, parcel, begun)
  const input = { datasetId, source: { uploadId } }
  const { importImages } = await context.client.request(ImportImagesDocument, { input })
  await begun.forget()
  return accepted(importImages).import
}

async function send({ client, terminal, signal }: CommandContext, parcel: Parcel, begun: BegunUpload): Promise<string> {
  const sending = terminal.screen.bar('Sending')
  const { address } = begun
  const onProgress = (sent: number, total: number): void => sending.update(sent, total)
  const onBegun = (upload: UploadAddress): Promise<void> => begun.remember(upload)
  return client
    .upload(parcel.blob, parcel.fileName, { signal, onProgress, begun: address, onBegun })
    .finally(() => sending.stop())
}

interface Target {
  readonly id: string
  /** Made by this command. */
  readonly isNew: boolean
}

async function findOrCreate(client: CommandContext['client'], name: string): Promise<Target> {
  const { dataset } = await client.request(FindDatasetDocument, { name })
  if (dataset !== null) return { id: dataset.id, isNew: false }
  const { createDataset } = await client.request(CreateDatasetDocument, { input: { name } })
  return { id: accepted(createDataset).dataset.id, isNew: true }
}

/** Deletes a dataset that was made for what was refused, unless somebody has begun to fill it meanwhile. */
async function discard(client: CommandContext['client'], { id, isNew }: Target): Promise<void> {
  if (!isNew) return
  const { node } = await client.request(DatasetContentDocument, { id })
  if (node?.__typename !== 'Dataset' || node.imageCount > 0 || node.imports.totalCount > 1) return
  accepted((await client.request(DiscardDatasetDocument, { id })).deleteDataset)
}
