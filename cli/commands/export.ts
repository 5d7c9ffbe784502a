import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { accepted } from '../../client/errors.js'
import type { CommandContext } from '../context.js'
import { CommandError } from '../exit-codes.js'
import { ExportFileDocument, type ExportFormat } from '../operations.documents.js'
import { bestCheckpointOf } from './watch.js'

export interface ExportOptions {
  readonly format: ExportFormat
  readonly output?: string
}

/** `export`: a run's best checkpoint as a file, whole and with the sha256 that the server said, or not at all. */
export async function exportRun(context: CommandContext, named: string, options: ExportOptions): Promise<void> {
  const { client, terminal, signal } = context
  const { id: checkpointId } = await bestCheckpointOf(client, named)
  const { exportCheckpoint } = await client.request(ExportFileDocument, {
    input: { checkpointId, format: options.format },
  })
  const file = accepted(exportCheckpoint).export
  const target = options.output ?? file.fileName
  await download(file, target, signal)
  terminal.result({ ...file, path: target }, (screen) => {
    screen.line(`${target}: ${(file.byteSize / 1e6).toFixed(1)} MB, sha256 ${file.sha256}`)
  })
}

async function download(file: { url: string; sha256: string }, target: string, signal: AbortSignal): Promise<void> {
  const response = await fetch(file.url, { signal })
  if (!response.ok || response.body === null) throw new CommandError(`${file.url} answered ${String(response.status)}.`)
  const hash = createHash('sha256')
  const draft = `${target}.part`
  try {
    await pipeline(
      Readable.fromWeb(response.body),
      async function* (parts: AsyncIterable<Uint8Array>) {
        for await (const part of parts) {
          hash.update(part)
          yield part
        }
      },
      createWriteStream(draft),
    )
    if (hash.digest('hex') !== file.sha256) throw new CommandError('The file that came is not the one that was made.')
    await rename(draft, target)
  } finally {
    await rm(draft, { force: true })
  }
}
