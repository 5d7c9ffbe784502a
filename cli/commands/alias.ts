import { accepted } from '../../client/errors.js'
import type { CommandContext } from '../context.js'
import { CommandError } from '../exit-codes.js'
import {
  type AliasRequirementInput,
  type AliasRowFragment,
  AliasRowsDocument,
  PointAliasBackDocument,
  PointAliasDocument,
} from '../operations.documents.js'
import { table } from '../terminal.js'
import { bestCheckpointOf } from './watch.js'

/** Where the name is to point, one of them, and what is required of the checkpoint before. */
export interface AliasOptions extends AliasRequirementInput {
  readonly run?: string
  readonly checkpoint?: string
  readonly revert: boolean
}

/** `alias`: points a name, new or known, to a checkpoint, or back to what it pointed to before. */
export async function pointAlias(
  { client, terminal }: CommandContext,
  name: string,
  options: AliasOptions,
): Promise<void> {
  const alias = options.revert ? await pointBack(client, name, options) : await point(client, name, options)
  terminal.result(alias, (screen) => {
    screen.line(`${alias.name} points to ${targetOf(alias)}, checkpoint ${alias.checkpoint.id}`)
  })
}

async function point(
  client: CommandContext['client'],
  name: string,
  { run, checkpoint, revert: _, ...require }: AliasOptions,
): Promise<AliasRowFragment> {
  if ((run === undefined) === (checkpoint === undefined))
    throw new CommandError(
      'Name one checkpoint: by --run, whose best it is, or by --checkpoint; or go back by --revert.',
    )
  const checkpointId = checkpoint ?? (await bestCheckpointOf(client, run ?? '')).id
  const { assignAlias } = await client.request(PointAliasDocument, { input: { name, checkpointId, require } })
  return accepted(assignAlias).alias
}

async function pointBack(
  client: CommandContext['client'],
  name: string,
  { revert: _, ...others }: AliasOptions,
): Promise<AliasRowFragment> {
  if (Object.keys(others).length > 0)
    throw new CommandError('--revert goes back to what the name pointed to before: it takes no other option.')
  return accepted((await client.request(PointAliasBackDocument, { name })).revertAlias).alias
}

/** `aliases`: all names, and what they point to. */
export async function listAliases({ client, terminal }: CommandContext): Promise<void> {
  const { aliases } = await client.request(AliasRowsDocument, {})
  terminal.result(aliases, (screen) => {
    if (aliases.length === 0)
      screen.line('There are no aliases. One is made with: npm run graft -- alias NAME --run RUN')
    else for (const line of table(HEAD, aliases.map(rowOf))) screen.line(line)
  })
}

const HEAD = ['name', 'run', 'epoch', 'checkpoint', 'since']

function rowOf({ name, checkpoint, assignedAt }: AliasRowFragment): string[] {
  return [name, checkpoint.trainingRun.name, String(checkpoint.epoch), checkpoint.id, assignedAt]
}

function targetOf({ checkpoint }: AliasRowFragment): string {
  return `epoch ${String(checkpoint.epoch)} of ${checkpoint.trainingRun.name}`
}
