/** How far the pictures that come in through an alias have drifted from those that its checkpoint learnt from. */
import { LRUCache } from 'lru-cache'
import type { Alias } from '../../database/generated/client.js'
import type { KeptShards } from '../../features/kept-features.js'
import { keptRows } from '../../features/kept-rows.js'
import { meanShift } from '../../features/mean-shift.js'
import { createMomentsMeter, type Moments } from '../../features/moments.js'
import { createLimiter } from '../../inference/limiter.js'
import { fromHalf } from '../../network/half.js'
import { FEATURE_COUNT } from '../../network/resnet50.js'
import type { BlobStore } from '../../storage/blob-store.js'
import type { KeptFeatureRepository } from '../kept-feature.repository.js'
import type { ModelFacts, ModelRepository } from '../model.repository.js'
import type { ComparedSplit, DriftRepository } from './drift.repository.js'

export interface Drift {
  readonly predictionCount: number
  /** As meanShift has it. */
  readonly shift: number | null
  readonly validationShift: number | null
  readonly undefinedBecause: string | null
}

interface Rooms {
  readonly models: ModelRepository
  readonly kept: KeptFeatureRepository
  readonly drifts: DriftRepository
  readonly storage: BlobStore
}

type Reference = Readonly<Record<ComparedSplit, Moments>>

/** Fewer say more of themselves than of what comes in. */
const LEAST_PREDICTIONS = 20
/** For two splits: 64 kB each. */
const CACHED_REFERENCES = 64

export class DriftService {
  /** One at a time, which holds 4 MB of predictions: a query may ask for that of every alias. */
  readonly #turn = createLimiter(1)
  readonly #references = new LRUCache<string, Reference>({ max: CACHED_REFERENCES })

  constructor(private readonly rooms: Rooms) {}

  of(alias: Alias): Promise<Drift> {
    return this.#turn(() => this.#compute(alias))
  }

  async #compute(alias: Alias): Promise<Drift> {
    const incoming = await this.#incoming(alias)
    const undefinedFor = (reason: string): Drift => undefinedDrift(incoming.count, reason)
    const model = await this.rooms.models.byCheckpoint(alias.checkpointId)
    if (model === null) return undefinedFor('Its checkpoint was deleted.')
    if (model.hasTrainedTrunk) return undefinedFor(TRAINED_TRUNK)
    if (incoming.count < LEAST_PREDICTIONS) return undefinedFor(tooFew(incoming.count))
    const kept = await this.rooms.kept.shardsOf(model)
    const reference = kept && (await this.#reference(model, kept))
    if (reference === null || reference.TRAIN.count < 2) return undefinedFor(NOT_KEPT)
    return compare(incoming, reference)
  }

  async #incoming(alias: Alias): Promise<Moments> {
    const meter = createMomentsMeter(FEATURE_COUNT)
    for (const halves of await this.rooms.drifts.incoming(alias)) meter.add(fromHalf(halves))
    return meter.read()
  }

  /** A version never changes, and a shard of the same bytes has the same name: more shards may have more of its pictures. */
  async #reference(model: ModelFacts, kept: KeptShards): Promise<Reference> {
    const name = [model.versionId, kept.key, kept.shards.length, kept.shards.at(-1)].join(' ')
    const reference = this.#references.get(name) ?? (await this.#readReference(model, kept))
    this.#references.set(name, reference)
    return reference
  }

  async #readReference(model: ModelFacts, kept: KeptShards): Promise<Reference> {
    const meters = { TRAIN: createMomentsMeter(FEATURE_COUNT), VALIDATION: createMomentsMeter(FEATURE_COUNT) }
    let splits = new Map<string, ComparedSplit>()
    const choose = async (sha256s: readonly string[]): Promise<Set<string>> => {
      splits = await this.rooms.drifts.splitsOf(model, sha256s)
      return new Set(splits.keys())
    }
    for await (const rows of keptRows(this.rooms.storage, { ...kept, width: FEATURE_COUNT, choose }))
      for (const { sha256, features } of rows) meters[splits.get(sha256) as ComparedSplit].add(features)
    return { TRAIN: meters.TRAIN.read(), VALIDATION: meters.VALIDATION.read() }
  }
}

function compare(incoming: Moments, { TRAIN, VALIDATION }: Reference): Drift {
  const shift = meanShift(incoming, TRAIN)
  if (shift === null) return undefinedDrift(incoming.count, 'No feature varies.')
  const hasYardstick = VALIDATION.count >= 2
  return {
    predictionCount: incoming.count,
    shift,
    validationShift: hasYardstick ? meanShift(VALIDATION, TRAIN, incoming.count) : null,
    undefinedBecause: hasYardstick ? null : 'VALIDATION has fewer than two pictures whose features are kept.',
  }
}

const TRAINED_TRUNK = 'A part of its trunk was trained: features of its training pictures under that are not kept.'
const NOT_KEPT =
  'No features of its training pictures under its trunk are kept. Start a run of the head on the dataset, within ' +
  'GRAFT_FEATURE_CACHE_BYTES.'

function tooFew(count: number): string {
  return (
    `Features of ${String(count)} predictions are kept since it points to its checkpoint; ` +
    `it takes ${String(LEAST_PREDICTIONS)}.`
  )
}

function undefinedDrift(predictionCount: number, reason: string): Drift {
  return { predictionCount, shift: null, validationShift: null, undefinedBecause: reason }
}
