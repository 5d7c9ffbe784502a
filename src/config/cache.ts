import { homedir } from 'node:os'
import { join } from 'node:path'

/** The user's cache folder for what several checkouts share (XDG_CACHE_HOME, else ~/.cache). */
export function cacheDirectory(env: NodeJS.ProcessEnv = process.env): string {
  return join(env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'graft')
}
