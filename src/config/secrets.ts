import { unescape } from 'node:querystring'
import type { Config } from './config.js'

/** What the settings hold that nobody should read in a log. */
export function secretsOf({
  tokens,
  databaseUrl,
  storage,
}: Pick<Config, 'tokens' | 'databaseUrl' | 'storage'>): string[] {
  const keys = storage.kind === 's3' ? storage.credentials : undefined
  return [
    ...tokens.map(({ secret }) => secret),
    ...passwordsOf(databaseUrl),
    ...[keys?.secretAccessKey, keys?.sessionToken].filter((key) => key !== undefined),
  ]
}

/** A short one is a word, such as `graft`: hiding it everywhere would hide what lines say. */
const LEAST_CHARACTERS = 8

/** As it is written in the address, and as it is. */
function passwordsOf(url: string | undefined): string[] {
  const written = url === undefined ? '' : new URL(url).password
  return [written, unescape(written)].filter((password) => password.length >= LEAST_CHARACTERS)
}
