import type { RefusalOf } from '../domain/refusals.js'

const NAME = /^[a-z0-9/-]{1,64}$/

export function isAliasName(name: string): boolean {
  return NAME.test(name)
}

export function aliasNotFound(name: string): RefusalOf<'NotFound'> {
  return { refusal: 'NotFound', message: `There is no alias "${name}".`, id: name }
}
