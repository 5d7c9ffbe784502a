/** Which trunk a run is grafted on, and where its weights come from. Never another one silently. */
import { readFile, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import type { TrunkWeights } from '../config/trunk-weights.setting.js'
import type { TrunkPrecision } from '../domain/precision.js'
import { RunError } from '../domain/failure.js'
import type { Calibration } from '../network/calibration.js'
import { randomTrunk } from '../network/random.trunk.js'
import { readPth } from '../network/pth.js'
import { readSafetensors } from '../network/safetensors.js'
import { canonicalTrunk } from '../network/trunk.canonical.js'
import { WeightsError, type StateDict } from '../network/weights.js'
import type { BlobStore } from '../storage/blob-store.js'
import { BlobCorruptError, BlobLostError } from '../storage/storage.errors.js'
import { downloadWeights, WeightsUnavailableError } from '../weights/download.js'
import { readStoredCalibration } from '../weights/stored-calibration.js'
import type { ConfiguredTrunk } from './messages.js'

export interface TrunkSource {
  /**
   * What GRAFT_TRUNK_WEIGHTS names, fetched if need be and put into storage.
   * @throws RunError WEIGHTS_UNAVAILABLE
   */
  configured(signal?: AbortSignal): Promise<ConfiguredTrunk>
  /**
   * A trunk out of storage; one that is lost there comes back from the configured weights if they are the same.
   * @throws RunError WEIGHTS_UNAVAILABLE
   */
  load(sha256: string): Promise<StateDict>
  /**
   * What an int8 trunk needs beside its weights; null in single precision.
   * @throws RunError WEIGHTS_UNAVAILABLE
   */
  loadCalibration(precision: TrunkPrecision): Promise<Calibration | null>
}

export interface TrunkSourceOptions {
  readonly storage: BlobStore
  readonly weights: TrunkWeights
  /** Where fetched weights are kept. */
  readonly directory: string
  readonly onProgress?: (received: number, total: number | null) => void
}

export function createTrunkSource({ storage, weights, directory, onProgress }: TrunkSourceOptions): TrunkSource {
  let last: { identity: string; trunk: ConfiguredTrunk } | undefined
  const pathOf = async (signal?: AbortSignal): Promise<string | null> => {
    if (weights.kind === 'random') return null
    if (weights.kind === 'file') return weights.path
    const options = { url: weights.url, directory, ...(onProgress && { onProgress }), ...(signal && { signal }) }
    return downloadWeights(options).catch((error: unknown) => {
      throw error instanceof WeightsUnavailableError ? unavailable(error.message, REMEDY).because(error) : error
    })
  }
  const configured = async (signal?: AbortSignal): Promise<ConfiguredTrunk> => {
    const path = await pathOf(signal)
    const identity = path === null ? 'random' : await identify(path)
    if (last?.identity === identity && (await storage.stat(last.trunk.sha256)) !== null) return last.trunk
    const { bytes, sha256 } = path === null ? canonicalTrunk(randomTrunk()) : await readCanonical(path)
    await storage.put(bytes)
    last = { identity, trunk: { sha256, name: path === null ? 'random' : basename(path), pretrained: path !== null } }
    return last.trunk
  }
  const load = async (sha256: string): Promise<StateDict> => {
    try {
      return readSafetensors(await storage.read(sha256))
    } catch (error) {
      if (!(error instanceof BlobLostError)) throw error
      if (error instanceof BlobCorruptError) await storage.delete(sha256)
      const found = await configured().catch((cause: unknown) => {
        throw cause instanceof RunError ? outOfReach(sha256, cause) : cause
      })
      if (found.sha256 !== sha256) throw lost(sha256).because(error)
      return readSafetensors(await storage.read(sha256))
    }
  }
  const loadCalibration = async (precision: TrunkPrecision): Promise<Calibration | null> => {
    try {
      return await readStoredCalibration(storage, precision)
    } catch (error) {
      if (!(error instanceof BlobLostError)) throw error
      throw unavailable(`The int8 trunk's calibration is lost: ${error.message}`, CALIBRATION_REMEDY).because(error)
    }
  }
  return { configured, load, loadCalibration }
}

/** Tells whether the weights may have changed without reading 100 MB. */
async function identify(path: string): Promise<string> {
  const { mtimeMs, size } = await stat(path).catch((cause: unknown) => {
    throw unreadable(path, cause)
  })
  return `${path} ${String(mtimeMs)} ${String(size)}`
}

async function readCanonical(path: string): Promise<ReturnType<typeof canonicalTrunk>> {
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw unreadable(path, cause)
  })
  try {
    return canonicalTrunk(path.endsWith('.pth') ? readPth(bytes) : readSafetensors(bytes))
  } catch (error) {
    if (error instanceof WeightsError) throw unavailable(`${path}: ${error.message}`, REMEDY).because(error)
    throw error
  }
}

const REMEDY =
  'Set GRAFT_TRUNK_WEIGHTS to a .safetensors or .pth file of torchvision\'s ResNet-50, or to "random", and start again.'

const CALIBRATION_REMEDY = 'Restore the blob in storage, or train again with GRAFT_TRUNK_PRECISION=fp32.'

function unavailable(message: string, remedy: string): RunError {
  return new RunError('WEIGHTS_UNAVAILABLE', message, { text: remedy, changes: [] })
}

function unreadable(path: string, cause: unknown): RunError {
  const why = cause instanceof Error ? cause.message : String(cause)
  return unavailable(`The weights ${path} cannot be read: ${why}`, REMEDY).because(cause)
}

/** The trunk may well be theirs: another address or file of the same weights brings it back, other weights do not. */
function outOfReach(sha256: string, cause: RunError): RunError {
  return unavailable(
    `The trunk ${sha256} that this run is pinned to is missing from storage, and the configured weights, which may be it, ` +
      `are not to be had: ${cause.message}`,
    'See that the trainer reaches them, or set GRAFT_TRUNK_WEIGHTS to a file of the weights that the run began with; or ' +
      'start a new run.',
  ).because(cause)
}

function lost(sha256: string): RunError {
  return unavailable(
    `The trunk ${sha256} that this run is pinned to is missing from storage, and the configured weights are others.`,
    'Set GRAFT_TRUNK_WEIGHTS to the weights that the run began with, or start a new run.',
  )
}
