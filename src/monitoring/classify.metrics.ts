import { Histogram, type Registry } from 'prom-client'

const SECONDS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/** @returns told of each picture that was classified */
export function observeClassify(registry: Registry): (seconds: number) => void {
  const duration = new Histogram({
    name: 'graft_classify_duration_seconds',
    help: 'Classifying a picture, from decoding it to its scores, the wait for the trunk included.',
    buckets: SECONDS,
    registers: [registry],
  })
  return (seconds) => {
    duration.observe(seconds)
  }
}
