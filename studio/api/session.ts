/** Who asks: the token that a person gave, kept until the browser's tab is closed, and the client that carries it. */
import { type Client, createClient } from '../../client/client.js'

const KEY = 'graft.token'

export interface Session {
  readonly client: Client
  readonly token: string | null
  /** A session with another token, or with none. */
  withToken(token: string | null): Session
}

export function openSession(url: string, store: Storage): Session {
  const token = store.getItem(KEY)
  const client = createClient(token === null ? { url } : { url, token })
  return {
    client,
    token,
    withToken(next) {
      void client.close()
      if (next === null) store.removeItem(KEY)
      else store.setItem(KEY, next)
      return openSession(url, store)
    },
  }
}
