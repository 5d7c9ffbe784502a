import { stat } from 'node:fs/promises'
import { openAsBlob } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { CreateDatasetDocument, ImportImagesDocument, type ImportStateFragment } from '../../client/documents.js'
import { accepted } from '../../client/errors.js'
import { tarOf } from '../../client/tar.js'
import type { UploadAddress } from '../../client/upload.js'
import { type BegunUpload, begunUpload } from '../begun-uploads.js'
import type { CommandContext } from '../context.js'
import { stateFolder } from '../environment.js'
import { CommandError } from '../exit-codes.js'
import { filesBelow } from '../folder-files.js'
import { tellMissingTrainer } from '../missing-trainer.js'
import { FindDatasetDocument } from '../operations.documents.js'
import type { Screen } from '../screen.js'

const SHOWN_REJECTIONS = 20

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
  const { client } = context
  const parcel = await parcelOf(from)
  const datasetId = await findOrCreate(client, dataset)
  const begun = await begunUpload(join(stateFolder(), 'uploads'), [datasetId, resolve(from), parcel.listing])
  const uploadId = await send(context, parcel, begun)
  const { importImages } = await client.request(ImportImagesDocument, { input: { datasetId, source: { uploadId } } })
  await begun.forget()
  await tellMissingTrainer(context)
  return follow(context, accepted(importImages).import)
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

export function tellImport(screen: Screen, { added, duplicates, rejectedCount, rejected }: ImportStateFragment): void {
  screen.line(`${String(added)} added, ${String(duplicates)} there already, ${String(rejectedCount)} rejected`)
  for (const { fileName, reason } of rejected.slice(0, SHOWN_REJECTIONS)) screen.line(`  ${fileName}: ${reason}`)
}

/** @throws CommandError where the import did not come to its end */
export function expectImported({ state, error }: ImportStateFragment): void {
  if (state !== 'SUCCEEDED') throw new CommandError(error ?? `The import ended as ${state}.`)
}

interface Parcel {
  readonly blob: Blob
  readonly fileName: string
  /** What is in it, and when each was changed last: another listing is another parcel. */
  readonly listing: unknown
}

async function parcelOf(from: string): Promise<Parcel> {
  const facts = await stat(from).catch(() => undefined)
  if (facts === undefined) throw new CommandError(`There is no file or folder ${from}.`)
  if (!facts.isDirectory())
    return { blob: await openAsBlob(from), fileName: basename(from), listing: [facts.size, facts.mtimeMs] }
  const files = await filesBelow(from)
  if (files.length === 0) throw new CommandError(`There are no files in ${from}.`)
  const listing = files.map(({ path, blob, changedAt }) => [path, blob.size, changedAt])
  return { blob: tarOf(files), fileName: `${basename(from)}.tar`, listing }
}

async function findOrCreate(client: CommandContext['client'], name: string): Promise<string> {
  const { dataset } = await client.request(FindDatasetDocument, { name })
  if (dataset !== null) return dataset.id
  const { createDataset } = await client.request(CreateDatasetDocument, { input: { name } })
  return accepted(createDataset).dataset.id
}

async function follow(
  { client, terminal, signal }: CommandContext,
  begun: ImportStateFragment,
): Promise<ImportStateFragment> {
  const bar = terminal.screen.bar('Pictures')
  let state = begun
  try {
    for await (state of client.watchImport(begun.id, { signal }))
      bar.update(state.processed, state.total ?? state.processed)
  } finally {
    bar.stop()
  }
  return state
}
