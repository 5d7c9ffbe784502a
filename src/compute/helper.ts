/** Computes portions of features that another trainer's run needs. The trunk stays open from one to the next. */
import { RunError } from '../domain/failure.js'
import { collectFeatures, type StoredShard } from '../features/collect-features.js'
import { featureKey } from '../features/feature-key.js'
import { elementCount } from '../network/weights.js'
import { cutOf, cutShape } from '../network/cut.js'
import type { PortionTask } from './messages.js'
import { openTrunkOf } from './open-trunk-of.js'
import { shareTrunk } from './open-trunk.js'
import type { ComputeTools } from './run-context.js'
import { viewAt } from './training-views.js'

export interface Helper {
  /** @throws RunError, StorageError, and what `signal` was aborted with */
  help(task: PortionTask, tools: ComputeTools, signal: AbortSignal): Promise<StoredShard>
  /** Closes the trunk. */
  rest(): Promise<void>
}

/** A trunk takes 200 MB. */
const CLOSED_AFTER_MS = 60_000

export function createHelper(): Helper {
  let open: { key: string; trunk: ReturnType<typeof shareTrunk> } | undefined
  let closing: NodeJS.Timeout | undefined
  const rest = async (): Promise<void> => {
    clearTimeout(closing)
    const last = open
    open = undefined
    await last?.trunk.close()
  }
  return {
    rest,
    help: async (task, tools, signal) => {
      const { featureKey: key, recipe } = task
      if (featureKey(recipe) !== key) throw new RunError('ENGINE_UNAVAILABLE', 'This trainer computes otherwise.', null)
      clearTimeout(closing)
      if (open?.key !== key) await rest()
      open ??= { key, trunk: shareTrunk(() => openTrunkOf(recipe, tools)) }
      try {
        return await computePortion(task, { ...tools, trunk: open.trunk }, signal)
      } catch (error) {
        // It may be the trunk that could not be opened: the next portion tries again.
        await rest()
        throw error
      } finally {
        closing = setTimeout(() => void rest(), CLOSED_AFTER_MS).unref()
      }
    },
  }
}

async function computePortion(
  { featureKey: key, recipe, pictures }: PortionTask,
  { storage, images, trunk }: ComputeTools & { trunk: ReturnType<typeof shareTrunk> },
  signal: AbortSignal,
): Promise<StoredShard> {
  const { trainableLayers, imageSize, view } = recipe
  const stored: StoredShard[] = []
  const features = await collectFeatures({
    ...{ storage, images, imageSize, signal, key, pictures },
    openTrunk: () => trunk.use(),
    ...(view !== null && { view: viewAt(view) }),
    shards: [],
    width: elementCount(cutShape(cutOf(trainableLayers), imageSize)),
    budgetBytes: Infinity,
    memoryBytes: 0,
    report: {
      progressed: () => undefined,
      clamped: () => undefined,
      shardsRead: () => undefined,
      shardStored: (shard) => stored.push(shard),
    },
  })
  await features.close()
  const [shard] = stored
  if (shard === undefined || stored.length > 1) throw new Error('A portion is one shard.')
  return shard
}
