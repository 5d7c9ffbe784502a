/** What the executor tells of each operation to whoever counts. Nothing in it was chosen by the caller. */
import type { OperationTypeNode } from 'graphql'
import type { ErrorCode } from './errors.js'

export type Outcome = 'OK' | ErrorCode

export interface OperationObserver {
  /** Also of what was refused. A subscription is answered once it has its stream. */
  answered(operation: { type: `${OperationTypeNode}` | 'unknown'; outcome: Outcome; seconds: number }): void
  /** @param field of the schema's Subscription */
  subscribed(field: string): OpenSubscription
}

export interface OpenSubscription {
  sent(): void
  ended(): void
}
