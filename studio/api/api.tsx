/** How components ask the API: queries and mutations through the cache, subscriptions as they come. */
import {
  keepPreviousData,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
  type UseQueryResult,
} from '@tanstack/react-query'
import { createContext, type ReactNode, use, useEffect, useEffectEvent, useMemo, useState } from 'react'
import { type Client } from '../../client/client.js'
import { ConnectionError } from '../../client/errors.js'
import { reconnecting } from '../../client/live.js'
import type { TypedDocument } from '../../client/typed-document.js'
import { type Identified, patched } from './patched.js'
import type { Session } from './session.js'

interface Api {
  readonly client: Client
  readonly token: string | null
  readonly signIn: (token: string | null) => void
}

const ApiContext = createContext<Api | null>(null)

export function ApiProvider({ session, children }: { session: Session; children: ReactNode }) {
  const [current, setCurrent] = useState(session)
  const queries = useQueryClient()
  const api = useMemo(
    () => ({
      client: current.client,
      token: current.token,
      signIn: (token: string | null) => {
        setCurrent(current.withToken(token))
        queries.clear()
      },
    }),
    [current, queries],
  )
  return <ApiContext value={api}>{children}</ApiContext>
}

export function useApi(): Api {
  const api = use(ApiContext)
  if (api === null) throw new Error('There is no ApiProvider above this component.')
  return api
}

/** What answers depend on: a change of one of them refreshes every answer that names it. */
export type Topic = 'runs' | 'curves' | 'datasets' | 'pictures' | 'evaluations' | 'predictions' | 'aliases' | 'system'

/** One query. An earlier answer stays on screen while the next one is fetched. */
export function useAsk<Result, Variables>(
  topic: Topic,
  document: TypedDocument<Result, Variables>,
  variables: Variables,
): UseQueryResult<Result> {
  const { client } = useApi()
  return useQuery({
    queryKey: [topic, document.text, variables],
    queryFn: () => client.request(document as TypedDocument<Result, object>, variables as object),
    placeholderData: keepPreviousData,
  })
}

export interface Page<Item> {
  readonly nodes: readonly Item[]
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null }
}

/** A connection, page by page. */
export function usePages<Result, Variables extends object, Item>(
  topic: Topic,
  {
    document,
    variables,
    page,
  }: {
    document: TypedDocument<Result, Variables>
    variables: Omit<Variables, 'after'>
    page: (result: Result) => Page<Item> | null
  },
) {
  const { client } = useApi()
  const query = useInfiniteQuery({
    queryKey: [topic, document.text, variables],
    queryFn: ({ pageParam }) =>
      client.request(document as TypedDocument<Result, object>, { ...variables, after: pageParam }),
    initialPageParam: null as string | null,
    getNextPageParam: (result) => {
      const info = page(result)?.pageInfo
      return info?.hasNextPage === true ? info.endCursor : undefined
    },
    placeholderData: keepPreviousData,
    // All pages are asked for again, one after the other: not for every look at another window.
    refetchOnWindowFocus: ({ state }) => (state.data?.pages.length ?? 0) <= 1,
  })
  const items = useMemo(
    () => (query.data?.pages ?? []).flatMap((result) => page(result)?.nodes ?? []),
    [query.data, page],
  )
  return { ...query, items }
}

/** A mutation; what it names is asked for again when it has answered. */
export function useChange<Result, Variables extends object>(
  document: TypedDocument<Result, Variables>,
  topics: readonly Topic[],
) {
  const { client } = useApi()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (variables: Variables) => client.request(document as TypedDocument<Result, object>, variables),
    onSuccess: () => Promise.all(topics.map((topic) => queries.invalidateQueries({ queryKey: [topic] }))),
  })
}

export function useRefresh(): (topic: Topic) => void {
  const queries = useQueryClient()
  return (topic) => void queries.invalidateQueries({ queryKey: [topic] })
}

/**
 * Writes changes into whatever the page shows of a topic, where asking again would mean asking for a long list page by page.
 * What it does not show is asked for when it is shown next.
 */
export function usePatch(topic: Topic): (changes: readonly Identified[]) => void {
  const queries = useQueryClient()
  return (changes) => {
    const byId = new Map(changes.map((change) => [change.id, change]))
    queries.setQueriesData({ queryKey: [topic] }, (known: unknown) => patched(known, byId))
    void queries.invalidateQueries({ queryKey: [topic], refetchType: 'none' })
  }
}

export type LineState = 'open' | 'broken' | 'ended'

export interface Feed<Value> {
  /** The values of the subscription; opened anew, it should begin where the last one ended. */
  open(signal: AbortSignal): AsyncIterable<Value>
  onValue(value: Value): void
}

/** Listens while the component is there and `key` stays; null listens to nothing. */
export function useFeed<Value>(key: string | null, feed: Feed<Value>): { line: LineState; error: Error | null } {
  const [line, setLine] = useState<LineState>('open')
  const [error, setError] = useState<Error | null>(null)
  const open = useEffectEvent((signal: AbortSignal) => feed.open(signal))
  const onValue = useEffectEvent((value: Value) => {
    setLine('open')
    feed.onValue(value)
  })
  useEffect(() => {
    if (key === null) return
    const stop = new AbortController()
    const { signal } = stop
    const watched = () => noticing(open(signal), () => setLine('broken'))
    const listen = async (): Promise<void> => {
      for await (const value of reconnecting(watched, { patienceMs: Infinity, signal })) onValue(value)
      setLine('ended')
    }
    listen().catch((reason: unknown) => {
      if (!signal.aborted) setError(reason instanceof Error ? reason : new Error(String(reason)))
    })
    return () => stop.abort()
  }, [key])
  return { line, error }
}

async function* noticing<Value>(values: AsyncIterable<Value>, onLost: () => void): AsyncGenerator<Value> {
  try {
    yield* values
  } catch (error) {
    if (error instanceof ConnectionError) onLost()
    throw error
  }
}
