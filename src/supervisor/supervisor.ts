/** What a trainer does beside computing: it takes runs, imports pictures, and looks after what the dead left behind. */
import { randomUUID } from 'node:crypto'
import type { Logger } from 'pino'
import type { Config } from '../config/config.js'
import type { PrismaClient } from '../database/generated/client.js'
import { ImportRepository } from '../datasets/import/import.repository.js'
import { ImportRoots } from '../datasets/import/import-roots.js'
import { runImport } from '../datasets/import/import.runner.js'
import { RemovedImagesRepository } from '../datasets/removed-images.repository.js'
import type { Events } from '../events/events.js'
import { ImageRepository } from '../datasets/image.repository.js'
import { ManifestRepository } from '../datasets/manifest.repository.js'
import { createImageReader } from '../images/image.reader.js'
import type { JobHandler, Queue } from '../jobs/queue.js'
import { CalibrationRepository } from '../runs/calibration.repository.js'
import { RunLeaseRepository } from '../runs/run-lease.repository.js'
import type { BlobStore } from '../storage/blob-store.js'
import { UploadRepository } from '../uploads/upload.repository.js'
import { BlobReferenceRepository } from './blob-references.repository.js'
import { sweepBlobs } from './blob-sweep.js'
import { EvaluationWorkRepository } from './evaluation-work.repository.js'
import { createEvaluator, type EvaluatorRooms } from './evaluator.js'
import { createFeatureBudget, type FeatureBudget } from './feature-budget.js'
import { FeaturePortionRepository } from './feature-portion.repository.js'
import { FeatureShardRepository } from './feature-shard.repository.js'
import { InspectionRequestRepository } from '../inspections/inspection-request.repository.js'
import { InspectionWorkRepository } from './inspection-work.repository.js'
import { createInspector } from './inspector.js'
import { watchOrphans } from './orphan-watch.js'
import { repeat } from './repeat.js'
import { RunResultsRepository } from './run-results.repository.js'
import { createRunTaker } from './run-taker.js'
import { openSlot, type Slot, type SlotRooms } from './slot.js'
import { SweepRepository } from './sweep.repository.js'
import { TrainerRepository } from './trainer.repository.js'
import { watchWeights } from './weights-watch.js'
import type { WorkObserver } from './work.observer.js'

export interface SupervisorRooms {
  readonly config: Config
  readonly prisma: PrismaClient
  /** For connections of one's own. */
  readonly databaseUrl: string
  readonly storage: BlobStore
  /** Started. */
  readonly events: Events
  /** Started. */
  readonly queue: Queue
  /** Path of the built compute.js. */
  readonly computeEntry: string
  /** Path of the built evaluate.js. */
  readonly evaluationEntry: string
  readonly observer: WorkObserver
  readonly log: Logger
}

export interface Supervisor {
  /** Why no run could be taken now; null where one could. */
  fault(): string | null
  /** Hands held runs over and ends the compute children; the queue's jobs end with the queue. */
  stop(): Promise<void>
}

const SHOW_EVERY_MS = 2000
const SWEEP_EVERY_MS = 10_000
const SWEEP_BLOBS_EVERY_MS = 3600 * 1000
/** A trainer that was killed is shown no longer after this. */
const UNSEEN_SECONDS = 60
const IMPORTS_AT_ONCE = 2
const CLEAR_EVERY_MS = 60_000
/** Longer than anybody takes who is adding a picture again that was just removed. */
const REMOVED_MINUTES = 10

export async function startSupervisor(options: SupervisorRooms): Promise<Supervisor> {
  const trainerId = randomUUID()
  const rooms = { ...options, log: options.log.child({ trainerId }) }
  const { prisma, queue, events, log } = rooms
  const trainers = new TrainerRepository(prisma)
  const leases = new RunLeaseRepository(prisma)
  const portions = new FeaturePortionRepository(prisma)
  let trunkSha256: string | null = null
  const slots = openSlots(rooms, { trainerId, leases, portions, onConfiguredTrunk: (sha256) => (trunkSha256 = sha256) })
  const weights = watchWeights(rooms)
  const ours = () => slots.flatMap(({ claim }) => claim ?? [])
  const repetitions = [
    weights,
    repeat({ what: "Showing the trainer's row", everyMs: SHOW_EVERY_MS, log }, async () => {
      const engine = slots.find((slot) => slot.engine !== null)?.engine ?? null
      const trunkFault = trunkSha256 === null ? weights.fault : null
      await trainers.show(trainerId, { engine, trunkSha256, trunkFault, currentRunId: ours()[0]?.runId ?? null })
    }),
    repeat({ what: 'Sweeping', everyMs: SWEEP_EVERY_MS, log }, () => sweep(rooms, { trainers, portions })),
    repeat({ what: 'Deleting removed pictures', everyMs: CLEAR_EVERY_MS, log }, () =>
      new RemovedImagesRepository(prisma).deleteUnheld(REMOVED_MINUTES),
    ),
    repeat({ what: 'Sweeping blobs', everyMs: SWEEP_BLOBS_EVERY_MS, log }, (signal) =>
      sweepBlobs({ ...rooms, references: new BlobReferenceRepository(prisma) }, { signal }),
    ),
    watchOrphans({
      what: 'runs',
      leases,
      trainerId,
      log,
      ours: () => ours().map(({ runId: id, lease }) => ({ id, lease })),
      onRescued: () => rooms.observer.runRescued(),
    }),
    watchOrphans({
      what: 'portions',
      leases: portions,
      trainerId,
      log,
      ours: () => slots.flatMap((slot) => slot.portions),
    }),
  ]
  const cancels = events.bell('cancel')
  void lookAtCancels(cancels, slots)
  await queue.work('import', importer(rooms), { concurrency: IMPORTS_AT_ONCE })
  await queue.work('evaluation', createEvaluator(evaluatorRooms(rooms, { trainerId, portions })))
  await queue.work(
    'inspection',
    createInspector({
      ...evaluatorRooms(rooms, { trainerId, portions }),
      inspections: new InspectionWorkRepository(prisma),
    }),
  )
  return {
    fault: () => slots.map((slot) => slot.fault()).find((fault) => fault !== null) ?? null,
    stop: async () => {
      cancels.close()
      await Promise.all([...slots, ...repetitions].map((each) => each.stop()))
      await trainers.remove(trainerId)
    },
  }
}

async function lookAtCancels(cancels: AsyncIterable<void>, slots: readonly Slot[]): Promise<void> {
  for await (const _ of cancels) await Promise.all(slots.map((slot) => slot.look()))
}

async function sweep(
  { prisma, queue, log }: SupervisorRooms,
  { trainers, portions }: { trainers: TrainerRepository; portions: FeaturePortionRepository },
): Promise<void> {
  const count = await new SweepRepository(prisma, queue).enqueueLost()
  if (count > 0) log.warn({ count }, 'Imports, evaluations or inspections without a job got one.')
  await trainers.removeUnseen(UNSEEN_SECONDS)
  await portions.removeNeedless()
}

function importer({ config, prisma, storage, observer, log }: SupervisorRooms): JobHandler<'import'> {
  const imports = {
    imports: new ImportRepository(prisma),
    roots: new ImportRoots(config.importRoots),
    reader: createImageReader(config),
    storage,
    maxImageBytes: config.maxImageBytes,
    unpackLimits: config.unpackLimits,
    uploads: new UploadRepository(prisma),
    log,
  }
  return async ({ importId }, { signal, attempt }) => {
    const importLog = log.child({ importId })
    importLog.info({ attempt }, 'The import begins, or goes on.')
    const beganAt = performance.now()
    await runImport({ ...imports, log: importLog }, { importId, signal })
    observer.importEnded((performance.now() - beganAt) / 1000)
    importLog.info('The import has ended.')
  }
}

function evaluatorRooms(rooms: SupervisorRooms, own: Pick<EvaluatorRooms, 'trainerId' | 'portions'>): EvaluatorRooms {
  const { config, prisma, storage } = rooms
  return {
    ...rooms,
    ...own,
    evaluations: new EvaluationWorkRepository(prisma),
    manifests: new ManifestRepository(prisma, storage),
    images: new ImageRepository(prisma),
    features: featureBudget(rooms),
    stallMs: 1000 * config.stallSeconds,
  }
}

function featureBudget({ config, prisma, storage }: SupervisorRooms): FeatureBudget {
  return createFeatureBudget(new FeatureShardRepository(prisma), { storage, budgetBytes: config.featureCacheBytes })
}

function openSlots(
  rooms: SupervisorRooms,
  own: Pick<SlotRooms, 'trainerId' | 'leases' | 'portions' | 'onConfiguredTrunk'>,
): Slot[] {
  const { config, prisma } = rooms
  const { trainerId, leases } = own
  const slotRooms = {
    ...rooms,
    ...own,
    results: new RunResultsRepository(prisma),
    calibrations: new CalibrationRepository(prisma),
    manifests: new ManifestRepository(prisma, rooms.storage),
    images: new ImageRepository(prisma),
    features: featureBudget(rooms),
    inspections: new InspectionRequestRepository(prisma, rooms.queue),
    taker: createRunTaker({ leases, trainerId, engineChoice: config.engine }),
    stallMs: 1000 * config.stallSeconds,
  }
  return Array.from({ length: config.trainerSlots }, () => openSlot(slotRooms))
}
