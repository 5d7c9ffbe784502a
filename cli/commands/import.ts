import { stat } from 'node:fs/promises'
import { openAsBlob } from 'node:fs'
import { basename } from 'node:path'
import { CreateDatasetDocument, ImportImagesDocument, type ImportStateFragment } from '../../client/documents.js'
import { accepted } from '../../client/errors.js'
import { tarOf } from '../../client/tar.js'
import type { CommandContext } from '../context.js'
import { CommandError } from '../exit-codes.js'
import { filesBelow } from '../folder-files.js'
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
  const { client, terminal, signal } = context
  const bytes = await bytesOf(from)
  const datasetId = await findOrCreate(client, dataset)
  const sending = terminal.screen.bar('Sending')
  const uploadId = await client
    .upload(bytes.blob, bytes.fileName, { signal, onProgress: (sent, total) => sending.update(sent, total) })
    .finally(() => sending.stop())
  const { importImages } = await client.request(ImportImagesDocument, { input: { datasetId, source: { uploadId } } })
  return follow(context, accepted(importImages).import)
}

export function tellImport(screen: Screen, { added, duplicates, rejectedCount, rejected }: ImportStateFragment): void {
  screen.line(`${String(added)} added, ${String(duplicates)} there already, ${String(rejectedCount)} rejected`)
  for (const { fileName, reason } of rejected.slice(0, SHOWN_REJECTIONS)) screen.line(`  ${fileName}: ${reason}`)
}

/** @throws CommandError where the import did not come to its end */
export function expectImported({ state, error }: ImportStateFragment): void {
  if (state !== 'SUCCEEDED') throw new CommandError(error ?? `The import ended as ${state}.`)
}

async function bytesOf(from: string): Promise<{ blob: Blob; fileName: string }> {
  const facts = await stat(from).catch(() => undefined)
  if (facts === undefined) throw new CommandError(`There is no file or folder ${from}.`)
  if (!facts.isDirectory()) return { blob: await openAsBlob(from), fileName: basename(from) }
  const files = await filesBelow(from)
  if (files.length === 0) throw new CommandError(`There are no files in ${from}.`)
  return { blob: tarOf(files), fileName: `${basename(from)}.tar` }
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
