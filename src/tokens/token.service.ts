import type { TokenScope } from '../config/token.setting.js'
import type { ApiToken } from '../database/generated/client.js'
import { nameIssues } from '../domain/names.js'
import { invalidInput, notFound, type InputIssue, type RefusalOf } from '../domain/refusals.js'
import { globalId, uuidOf } from '../graphql/ids.js'
import type { TokenRepository } from './token.repository.js'
import { sha256Of } from '../domain/digest.js'
import { makeToken } from './token.secret.js'

export interface NewToken {
  readonly name: string
  readonly scopes: readonly TokenScope[]
  readonly expiresAt?: Date | null
}

export interface MadeToken {
  readonly row: ApiToken
  /** What its owner sends. It is nowhere else. */
  readonly secret: string
}

export class TokenService {
  /** @param configured names of the tokens in the settings, which share the names */
  constructor(
    private readonly tokens: TokenRepository,
    private readonly configured: readonly string[],
  ) {}

  async create(input: NewToken): Promise<MadeToken | RefusalOf<'InvalidInput' | 'NameTaken'>> {
    const issues = issuesOf(input)
    if (issues.length > 0) return invalidInput(issues)
    if (this.configured.includes(input.name)) return nameTaken(input.name)
    const { id, secret, text } = makeToken()
    const scopes = [...new Set(input.scopes)]
    const given = { id, name: input.name, scopes, digest: sha256Of(secret), expiresAt: input.expiresAt ?? null }
    const row = await this.tokens.create(given)
    return row === null ? nameTaken(input.name) : { row, secret: text }
  }

  async revoke(tokenId: string): Promise<{ revokedId: string } | RefusalOf<'NotFound'>> {
    const id = uuidOf(tokenId, 'ApiToken')
    const revoked = id !== undefined && (await this.tokens.delete(id))
    return revoked ? { revokedId: globalId('ApiToken', id) } : notFound('token', tokenId)
  }
}

function issuesOf({ name, scopes, expiresAt }: NewToken): InputIssue[] {
  const issues = nameIssues(['name'], name)
  if (scopes.length === 0) issues.push({ path: ['scopes'], message: 'A token allows something: one scope or more.' })
  if (expiresAt && expiresAt.getTime() <= Date.now()) {
    issues.push({ path: ['expiresAt'], message: 'That moment is over.' })
  }
  return issues
}

function nameTaken(name: string): RefusalOf<'NameTaken'> {
  return { refusal: 'NameTaken', message: `There is a token "${name}" already.`, name }
}
