/** A trainer's work as operators see it. */
import { Counter, Gauge, Histogram, type Registry } from 'prom-client'
import type { WorkObserver } from '../supervisor/work.observer.js'

const STEP_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60]
const EPOCH_SECONDS = [0.1, 0.5, 1, 5, 15, 60, 300, 900, 3600, 14_400]
const TRUNK_SECONDS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
const IMPORT_SECONDS = [1, 5, 15, 60, 300, 900, 3600, 14_400, 43_200]
const FILL = [0.1, 0.25, 0.5, 0.75, 0.9, 1]

export function observeWork(registry: Registry): WorkObserver {
  const registers = [registry]
  const taken = new Counter({ name: 'graft_runs_taken_total', help: 'Runs that this trainer took.', registers })
  const left = new Counter({
    name: 'graft_runs_left_total',
    help: 'Runs that left this trainer, by how: their ends, DIED (the compute child did), HANDED_OVER, LOST.',
    labelNames: ['how'],
    registers,
  })
  const rescued = new Counter({
    name: 'graft_runs_rescued_total',
    help: "Dead trainers' runs that this trainer put back into the queue.",
    registers,
  })
  const epochs = new Histogram({
    name: 'graft_epoch_duration_seconds',
    help: 'Epochs, with their validation.',
    buckets: EPOCH_SECONDS,
    registers,
  })
  const steps = new Histogram({
    name: 'graft_step_duration_seconds',
    help: 'Training steps, each with the reading of its batch.',
    buckets: STEP_SECONDS,
    registers,
  })
  const speed = new Gauge({
    name: 'graft_images_per_second',
    help: 'Pictures a second of the present or latest run, by phase: features or training.',
    labelNames: ['phase'],
    registers,
  })
  const pictures = new Counter({
    name: 'graft_feature_pictures_total',
    help: 'Pictures whose features were needed, by source: computed now, or kept from before.',
    labelNames: ['source'],
    registers,
  })
  const trunk = new Histogram({
    name: 'graft_trunk_batch_duration_seconds',
    help: 'Runs of the trunk over a batch of pictures.',
    buckets: TRUNK_SECONDS,
    registers,
  })
  const fill = new Histogram({
    name: 'graft_trunk_batch_fill_ratio',
    help: "A trunk batch's pictures beside those there was room for.",
    buckets: FILL,
    registers,
  })
  const imports = new Histogram({
    name: 'graft_import_duration_seconds',
    help: 'Imports, or parts of them where one went on after a stop.',
    buckets: IMPORT_SECONDS,
    registers,
  })
  return {
    runTaken: () => {
      taken.inc()
    },
    runLeft: (how) => {
      left.inc({ how })
    },
    runRescued: () => {
      rescued.inc()
    },
    epochStored: ({ seconds }) => {
      epochs.observe(seconds)
    },
    progressed: ({ epoch, imagesPerSecond }) => {
      if (imagesPerSecond !== null) speed.set({ phase: epoch === 0 ? 'features' : 'training' }, imagesPerSecond)
    },
    featuresFound: (count) => {
      pictures.inc({ source: 'kept' }, count)
    },
    computed: ({ stepSeconds, trunkBatches }) => {
      for (const seconds of stepSeconds) steps.observe(seconds)
      for (const batch of trunkBatches) {
        pictures.inc({ source: 'computed' }, batch.pictures)
        trunk.observe(batch.seconds)
        fill.observe(batch.pictures / batch.capacity)
      }
    },
    importEnded: (seconds) => {
      imports.observe(seconds)
    },
  }
}
