/** GraphQL as operators see it. No label comes from a request: fields are the schema's own, outcomes are our codes. */
import { Counter, Gauge, Histogram, type Registry } from 'prom-client'
import type { OperationObserver } from '../graphql/operation.observer.js'

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

export function observeOperations(registry: Registry): OperationObserver {
  const registers = [registry]
  const duration = new Histogram({
    name: 'graft_graphql_operation_duration_seconds',
    help: 'From a parsed operation to its answer; of a subscription to its stream. By type and outcome (OK or an error code).',
    labelNames: ['type', 'outcome'],
    buckets: SECONDS,
    registers,
  })
  const open = new Gauge({
    name: 'graft_graphql_subscriptions',
    help: 'Open subscriptions by field.',
    labelNames: ['field'],
    registers,
  })
  const events = new Counter({
    name: 'graft_graphql_subscription_events_total',
    help: 'Events sent to subscribers by field.',
    labelNames: ['field'],
    registers,
  })
  return {
    answered: ({ type, outcome, seconds }) => {
      duration.observe({ type, outcome }, seconds)
    },
    subscribed: (field) => {
      open.inc({ field })
      return {
        sent: () => {
          events.inc({ field })
        },
        ended: () => {
          open.dec({ field })
        },
      }
    },
  }
}
