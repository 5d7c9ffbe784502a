import type { Registry } from 'prom-client'
import type { OnDelivered } from '../events/bells.js'
import type { OperationObserver } from '../graphql/operation.observer.js'
import { observeClassify } from './classify.metrics.js'
import { observeEventLag } from './event.metrics.js'
import { observeOperations } from './operation.metrics.js'
import { createRegistry } from './registry.js'

/** What a server counts, and whom its rooms tell. */
export interface ServerMetrics {
  readonly registry: Registry
  readonly operations: OperationObserver
  readonly onDelivered: OnDelivered
  readonly onClassified: (seconds: number) => void
}

export function createServerMetrics(version: string): ServerMetrics {
  const registry = createRegistry({ role: 'server', version })
  return {
    registry,
    operations: observeOperations(registry),
    onDelivered: observeEventLag(registry),
    onClassified: observeClassify(registry),
  }
}
