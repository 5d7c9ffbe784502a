/** Documents that a request may name by hash instead of sending them: those that callers registered, and trusted ones. */
import { LRUCache } from 'lru-cache'
import { sha256Of } from '../domain/digest.js'
import { LOCAL_CALLER, type Caller } from './caller.js'
import { badUserInput, codedError } from './errors.js'

/** Ids, which are hashes as a rule, to texts: what a build step extracted from a client. */
export type TrustedDocuments = ReadonlyMap<string, string>

export interface NamedDocument {
  readonly query?: string | null | undefined
  readonly extensions?: Readonly<Record<string, unknown>> | null | undefined
}

/** As `persistedQuery` in `extensions` (automatic persisted queries) has it. */
interface PersistedQuery {
  readonly sha256Hash: string
}

export class Documents {
  readonly #trusted: TrustedDocuments | undefined
  readonly #trustedHashes: ReadonlySet<string>
  /** By hash, least recently used first to go: callers may register without end. */
  readonly #registered: LRUCache<string, string>

  constructor({ trusted, registeredBytes }: { trusted: TrustedDocuments | undefined; registeredBytes: number }) {
    this.#trusted = trusted
    this.#trustedHashes = new Set([...(trusted?.values() ?? [])].map(sha256Of))
    this.#registered = new LRUCache({
      maxSize: registeredBytes,
      sizeCalculation: (text) => Buffer.byteLength(text) + 64,
    })
  }

  find(hash: string): string | undefined {
    return this.#trusted?.get(hash) ?? this.#trusted?.get(`sha256:${hash}`) ?? this.#registered.get(hash)
  }

  register(hash: string, text: string): void {
    this.#registered.set(hash, text)
  }

  /** The text that was sent or named; throws where there is none. */
  textOf({ query, extensions }: NamedDocument): string {
    const text = query === '' ? undefined : (query ?? undefined)
    const hash = persistedQuery(extensions)?.sha256Hash
    if (hash === undefined) {
      if (text === undefined) throw badUserInput('query: it is missing.')
      return text
    }
    if (text === undefined) return this.find(hash) ?? unknown()
    if (sha256Of(text) !== hash) throw badUserInput('extensions: sha256Hash is not the hash of the query.')
    this.register(hash, text)
    return text
  }

  /** Whether that caller may run the document with that hash. Who may write may run anything, but nobody without a token. */
  mayRun(caller: Caller, sha256: string): boolean {
    const isFree = caller.scopes.has('write') && caller !== LOCAL_CALLER
    return this.#trusted === undefined || isFree || this.#trustedHashes.has(sha256)
  }
}

function persistedQuery(extensions: NamedDocument['extensions']): PersistedQuery | undefined {
  const given = extensions?.['persistedQuery'] as { version?: unknown; sha256Hash?: unknown } | null | undefined
  if (given === undefined || given === null) return undefined
  if (given.version === 1 && typeof given.sha256Hash === 'string') return { sha256Hash: given.sha256Hash }
  throw badUserInput('extensions: persistedQuery is { version: 1, sha256Hash }.')
}

/** Clients know this message and send the text then. */
function unknown(): never {
  throw codedError('NOT_FOUND', 'PersistedQueryNotFound')
}
