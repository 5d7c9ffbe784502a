/** An import as it goes, and how it ended. */
import type { Client } from '../client/client.js'
import type { ImportStateFragment } from '../client/documents.js'
import { CommandError } from './exit-codes.js'
import type { Screen } from './screen.js'

const SHOWN_REJECTIONS = 20

/** @returns its last state */
export async function followImport(
  { client, screen, signal }: { client: Client; screen: Screen; signal: AbortSignal },
  begun: ImportStateFragment,
): Promise<ImportStateFragment> {
  const bar = screen.bar('Pictures')
  let state = begun
  try {
    for await (state of client.watchImport(begun.id, { signal }))
      bar.update(state.processed, state.total ?? state.processed)
  } finally {
    bar.stop()
  }
  return state
}

export function tellImport(screen: Screen, { added, duplicates, rejectedCount, rejected }: ImportStateFragment): void {
  screen.line(`${String(added)} added, ${String(duplicates)} there already, ${String(rejectedCount)} rejected`)
  for (const { fileName, reason } of rejected.slice(0, SHOWN_REJECTIONS)) screen.line(`  ${fileName}: ${reason}`)
}

/** @throws CommandError where the import did not come to its end */
export function expectImported({ state, error }: ImportStateFragment): void {
  if (state !== 'SUCCEEDED') throw new CommandError(error ?? `The import ended as ${state}.`)
}
