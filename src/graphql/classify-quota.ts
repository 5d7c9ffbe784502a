/** How much of the processor's dearest work one token may ask for: classifying and embedding, by the minute and at once. */
import { getOperationAST } from 'graphql'
import { counted } from '../domain/counted.js'
import { argumentsOf, rootFields } from './authorise.js'
import { LOCAL_CALLER, type Caller } from './caller.js'
import { rateLimited } from './errors.js'
import type { GraphRequest } from './execute.js'
import { withDefaults } from './variables.js'

export interface QuotaLimits {
  readonly classifyPerMinute: number
  readonly classifyAtOnce: number
}

interface Account {
  /** What may still be asked for now; a minute's worth at most. */
  left: number
  countedAt: number
  running: number
}

const MINUTE_MS = 60_000

export class ClassifyQuota {
  readonly #accounts = new Map<string, Account>()

  constructor(private readonly limits: QuotaLimits) {}

  /**
   * Takes `count` pictures off the caller's account and gives what ends them; throws RATE_LIMITED where there are too many.
   * Without tokens nobody is limited: whoever is on this machine has it anyway.
   */
  take(caller: Caller, count: number): () => void {
    if (count === 0 || caller === LOCAL_CALLER) return () => undefined
    const { classifyPerMinute: perMinute, classifyAtOnce: atOnce } = this.limits
    const account = this.#account(caller.name)
    if (account.running + count > atOnce)
      throw rateLimited(`This token may classify ${counted(atOnce, 'picture')} at once.`, 1)
    if (account.left < count) {
      const wait = ((count - account.left) * MINUTE_MS) / perMinute
      throw rateLimited(`This token may classify ${counted(perMinute, 'picture')} a minute.`, Math.ceil(wait / 1000))
    }
    account.left -= count
    account.running += count
    return () => {
      account.running -= count
    }
  }

  #account(name: string): Account {
    const { classifyPerMinute: perMinute } = this.limits
    const now = performance.now()
    const account = this.#accounts.get(name) ?? { left: perMinute, countedAt: now, running: 0 }
    account.left = Math.min(perMinute, account.left + ((now - account.countedAt) * perMinute) / MINUTE_MS)
    account.countedAt = now
    this.#accounts.set(name, account)
    return account
  }
}

const CLASSIFYING = new Set(['classify', 'embedding', 'explanation', 'neighbours', 'classifyMany'])

/** How many pictures a request asks to be looked at, which is what such a request costs. */
export function picturesOf({ document, operationName, variables }: GraphRequest): number {
  const operation = getOperationAST(document, operationName)
  if (!operation) return 0
  const known = withDefaults(operation, variables ?? {})
  return rootFields(document, operation.selectionSet)
    .filter(({ name }) => CLASSIFYING.has(name.value))
    .reduce((sum, field) => sum + imagesIn(argumentsOf(field, known)['input']), 0)
}

/** One where the input has no list. */
function imagesIn(input: unknown): number {
  const images = typeof input === 'object' && input !== null && 'images' in input ? input.images : undefined
  return Array.isArray(images) ? images.length : 1
}
