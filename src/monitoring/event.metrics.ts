import { Histogram, type Registry } from 'prom-client'
import type { Topic } from '../events/events.js'

const SECONDS = [0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/** @returns what `createEvents` tells of each ring that somebody read the news of */
export function observeEventLag(registry: Registry): (topic: Topic, seconds: number) => void {
  const lag = new Histogram({
    name: 'graft_event_lag_seconds',
    help: 'From the commit of a change to a subscription having read it, by topic.',
    labelNames: ['topic'],
    buckets: SECONDS,
    registers: [registry],
  })
  return (topic, seconds) => {
    lag.observe({ topic }, seconds)
  }
}
