import { readFile, stat } from 'node:fs/promises'
import type { ModelReference } from '../../client/documents.js'
import type { CommandContext } from '../context.js'
import { CommandError } from '../exit-codes.js'
import { percent, table } from '../terminal.js'
import { bestCheckpointOf } from './watch.js'

export interface ModelOptions {
  readonly run?: string
  readonly alias?: string
  readonly checkpoint?: string
}

async function modelOf(client: CommandContext['client'], options: ModelOptions): Promise<ModelReference> {
  const { run, alias, checkpoint } = options
  if ([run, alias, checkpoint].filter((name) => name !== undefined).length === 1) {
    if (run !== undefined) return { checkpointId: (await bestCheckpointOf(client, run)).id }
    if (alias !== undefined) return { alias }
    if (checkpoint !== undefined) return { checkpointId: checkpoint }
  }
  throw new CommandError('Name one model: by --run, --alias or --checkpoint.')
}

async function bytesOf(file: string): Promise<Uint8Array> {
  const facts = await stat(file).catch(() => undefined)
  if (facts?.isFile() !== true) throw new CommandError(`There is no file ${file}.`)
  return readFile(file)
}

/** `classify`: what the model says of each file; one that cannot be read does not keep the others from it. */
export async function classifyFiles(
  { client, terminal }: CommandContext,
  files: readonly string[],
  options: ModelOptions,
): Promise<void> {
  const model = await modelOf(client, options)
  const results: { file: string; label?: string; confidence?: number; scores?: unknown; error?: string }[] = []
  for (const file of files) {
    try {
      const { label, confidence, scores } = await client.classify(await bytesOf(file), model)
      results.push({ file, label, confidence, scores })
    } catch (error) {
      if (files.length === 1) throw error
      results.push({ file, error: error instanceof Error ? error.message : String(error) })
    }
  }
  terminal.result(results, (screen) => {
    const rows = results.map(({ file, label, confidence, error }) => [file, label ?? error ?? '', percent(confidence)])
    for (const line of table(['file', 'class', 'sure'], rows)) screen.line(line)
  })
  const failed = results.filter(({ error }) => error !== undefined).length
  if (failed > 0) throw new CommandError(`${String(failed)} of ${String(files.length)} files could not be classified.`)
}
