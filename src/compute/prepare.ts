import { collectFeatures, type FeatureReport } from '../features/collect-features.js'
import type { Engine } from '../engine/engine.type.js'
import { featureKey } from '../features/feature-key.js'
import { readPixels } from '../features/picture-pixels.js'
import { createTrunkSession } from '../inference/sessions.js'
import { cutOf, cutShape, type Cut } from '../network/cut.js'
import { elementCount } from '../network/weights.js'
import type { RunContext } from './run-context.js'
import { createEngineTrunk } from './engine-trunk.js'
import { pictureOrder, type PictureInputs, type Splits } from './run-data.js'
import { storeTrainedTrunk } from './trained-trunk.js'

/** For features that a run holds in memory: pooled ones of 65,000 pictures. The others are read when they are needed. */
const MEMORY_BYTES = 256 * 2 ** 20

export interface Prepared {
  readonly trunkSha256: string
  /** Rows in `pictureOrder`. */
  readonly inputs: PictureInputs
  close(): Promise<void>
}

/** Pins the trunk and collects what the frozen part makes of every picture, as far as that is kept. */
export async function prepare(context: RunContext, splits: Splits): Promise<Prepared> {
  const { task, manifest, trunks, link, engine, signal } = context
  const { imageSize, trainableLayers } = task.hyperparameters
  const configured = task.trunkSha256 === null ? await trunks.configured(signal) : null
  const trunkSha256 = configured?.sha256 ?? (task.trunkSha256 as string)
  await storeTrainedTrunk(task, context)
  const cut = cutOf(trainableLayers)
  const onEngine = runsOnEngine(engine, cut)
  const key = featureKey({ trunkSha256, cut, imageSize, ...(onEngine && { computedBy: engine.info }) })
  const { shards } = await link.ask(
    { type: 'prepared', trunkSha256, configured, engine: engine.info, featureKey: key },
    'shards',
    signal,
  )
  const pictures = pictureOrder(manifest, splits)
  const shape = cutShape(cut, imageSize)
  if (cut.name === 'images') return { trunkSha256, ...pixelInputs(context, { pictures, shape }) }
  const kept = await keptInputs(context, { pictures, shape, key, shards, trunkSha256, cut })
  return { trunkSha256, ...kept }
}

/** A GPU computes the whole trunk; what a deeper cut leaves of it stays with ONNX Runtime. */
function runsOnEngine({ onGpu }: Engine, cut: Cut): boolean {
  return onGpu && cut === cutOf('HEAD')
}

interface Wanted {
  readonly pictures: readonly string[]
  readonly shape: readonly number[]
}

interface Kept extends Wanted {
  readonly key: string
  readonly shards: readonly string[]
  readonly trunkSha256: string
  readonly cut: Cut
}

async function keptInputs(
  context: RunContext,
  { pictures, shape, key, shards, trunkSha256, cut }: Kept,
): Promise<Omit<Prepared, 'trunkSha256'>> {
  const { task, storage, images, trunks, engine, signal, progress, featureCacheBytes } = context
  const reader = await collectFeatures({
    ...{ storage, images, signal, key, shards, pictures },
    imageSize: task.hyperparameters.imageSize,
    width: elementCount(shape),
    budgetBytes: featureCacheBytes,
    memoryBytes: MEMORY_BYTES,
    openTrunk: async () => {
      const trunk = await trunks.load(trunkSha256)
      return runsOnEngine(engine, cut) ? createEngineTrunk(engine, trunk) : createTrunkSession(trunk, { cut })
    },
    report: reportTo(context),
  })
  progress.flush()
  return { inputs: { shape, read: (rows) => reader.read(rows) }, close: () => reader.close() }
}

/** Nothing is frozen, so there is nothing to keep. */
function pixelInputs(context: RunContext, { pictures, shape }: Wanted): Omit<Prepared, 'trunkSha256'> {
  const { task, storage, images, signal } = context
  const reading = { storage, images, signal, imageSize: task.hyperparameters.imageSize }
  const read = (rows: Uint32Array): Promise<Float32Array> =>
    readPixels(
      Array.from(rows, (row) => pictures[row] as string),
      reading,
    )
  return { inputs: { shape, read }, close: () => Promise.resolve() }
}

function reportTo({ link, progress, log }: RunContext): FeatureReport {
  return {
    progressed: (features) => {
      progress.features(features)
    },
    shardStored: (shard) => {
      link.say({ type: 'shardStored', shard })
    },
    shardsRead: (shards) => {
      link.say({ type: 'shardsRead', ...shards })
    },
    clamped: (values) => {
      log.warn({ values }, 'Activations beyond 65504, the range of half precision, were cut off there.')
    },
  }
}
