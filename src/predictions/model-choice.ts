/** From what a caller names as a model to its facts. */
import { aliasNotFound, isAliasName } from '../checkpoints/alias.name.js'
import { invalidInput, notFound, type RefusalOf } from '../domain/refusals.js'
import { globalId, uuidOf } from '../graphql/ids.js'
import type { KnownPicture } from './known-pictures.js'
import type { ModelFacts, ModelRepository } from './model.repository.js'

/** Exactly one member is there: the schema sees to it. */
export interface ModelChoice {
  readonly checkpointId?: string | null
  readonly alias?: string | null
}

export async function findModel(
  models: ModelRepository,
  { checkpointId, alias }: ModelChoice,
): Promise<ModelFacts | RefusalOf<'NotFound'>> {
  if (typeof alias === 'string') {
    const model = isAliasName(alias) ? await models.byAlias(alias) : null
    return model ?? aliasNotFound(alias)
  }
  const id = uuidOf(checkpointId ?? '', 'Checkpoint')
  const model = id === undefined ? null : await models.byCheckpoint(id)
  return model ?? notFound('checkpoint', checkpointId ?? '')
}

/** The one that was chosen; without a choice the checkpoint that was asked, for a prediction's picture. */
export async function modelFor(
  { checkpointId }: Pick<KnownPicture, 'checkpointId'>,
  chosen: ModelChoice | null | undefined,
  models: ModelRepository,
): Promise<ModelFacts | RefusalOf<'NotFound' | 'InvalidInput'>> {
  const asked = checkpointId === null ? null : { checkpointId: globalId('Checkpoint', checkpointId) }
  const which = chosen ?? asked
  if (which !== null) return findModel(models, which)
  return invalidInput([{ path: ['model'], message: 'Needed: no checkpoint is known for this picture.' }])
}
