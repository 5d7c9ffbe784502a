import type { Alias } from '../database/generated/client.js'
import { invalidInput, notFound, type RefusalOf } from '../domain/refusals.js'
import { globalId, uuidOf } from '../graphql/ids.js'
import { aliasNotFound, isAliasName } from './alias.name.js'
import type { AliasRepository } from './alias.repository.js'

export class AliasService {
  constructor(private readonly aliases: AliasRepository) {}

  async assign(input: { name: string; checkpointId: string }): Promise<Alias | RefusalOf<'InvalidInput' | 'NotFound'>> {
    if (!isAliasName(input.name)) {
      return invalidInput([{ path: ['name'], message: 'An alias has 1 to 64 of the characters a-z 0-9 - /.' }])
    }
    const id = uuidOf(input.checkpointId, 'Checkpoint')
    const alias = id === undefined ? null : await this.aliases.assign(input.name, id)
    return alias ?? notFound('checkpoint', input.checkpointId)
  }

  async delete(name: string): Promise<{ deletedId: string } | RefusalOf<'NotFound'>> {
    const id = isAliasName(name) ? await this.aliases.delete(name) : null
    return id === null ? aliasNotFound(name) : { deletedId: globalId('Alias', id) }
  }
}
