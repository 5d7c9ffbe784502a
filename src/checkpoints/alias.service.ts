import type { Alias } from '../database/generated/client.js'
import { invalidInput, notFound, type InputIssue, type RefusalOf } from '../domain/refusals.js'
import { globalId, uuidOf } from '../graphql/ids.js'
import { judgeBy } from './alias.judge.js'
import { aliasNotFound, isAliasName } from './alias.name.js'
import type { AliasRepository } from './alias.repository.js'
import type { AliasRequirement } from './alias.requirement.js'

export interface AliasAssignment {
  readonly name: string
  readonly checkpointId: string
  readonly require?: AliasRequirement | null
}

export class AliasService {
  constructor(private readonly aliases: AliasRepository) {}

  async assign({
    name,
    checkpointId,
    require,
  }: AliasAssignment): Promise<Alias | RefusalOf<'InvalidInput' | 'NotFound' | 'RequirementNotMet'>> {
    const issues = [...nameIssues(name), ...requirementIssues(require ?? {})]
    if (issues.length > 0) return invalidInput(issues)
    const id = uuidOf(checkpointId, 'Checkpoint')
    if (id === undefined) return notFound('checkpoint', checkpointId)
    const alias = await this.aliases.assign({ name, checkpointId: id }, judgeBy(require ?? {}, id))
    return alias ?? notFound('checkpoint', checkpointId)
  }

  async revert(name: string): Promise<Alias | RefusalOf<'InvalidInput' | 'NotFound'>> {
    const reverted = isAliasName(name) ? await this.aliases.revert(name) : 'no alias'
    if (reverted === 'no alias') return aliasNotFound(name)
    if (reverted !== 'nothing before') return reverted
    return invalidInput([{ path: ['name'], message: 'It has pointed to nothing else that is still there.' }])
  }

  async delete(name: string): Promise<{ deletedId: string } | RefusalOf<'NotFound'>> {
    const id = isAliasName(name) ? await this.aliases.delete(name) : null
    return id === null ? aliasNotFound(name) : { deletedId: globalId('Alias', id) }
  }
}

function nameIssues(name: string): InputIssue[] {
  if (isAliasName(name)) return []
  return [{ path: ['name'], message: 'An alias has 1 to 64 of the characters a-z 0-9 - /.' }]
}

function requirementIssues(requirement: AliasRequirement): InputIssue[] {
  return Object.entries(requirement).flatMap(([field, least]: [string, number | null]) => {
    const from = field.endsWith('Gain') ? -1 : 0
    if (least === null || (least >= from && least <= 1)) return []
    return [{ path: ['require', field], message: `${String(from)} to 1, not ${String(least)}.` }]
  })
}
