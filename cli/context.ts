/** What every command is handed: the server it talks to, where it writes, and when to stop. */
import type { Client } from '../client/client.js'
import type { Terminal } from './terminal.js'

export interface CommandContext {
  readonly client: Client
  readonly terminal: Terminal
  readonly signal: AbortSignal
}
