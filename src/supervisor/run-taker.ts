/** Takes the next run whose turn it is. */
import type { Transaction } from '../database/database.js'
import type { PrismaClient } from '../database/generated/client.js'
import type { EngineChoice } from '../engine/engine.type.js'
import type { FetchedJob, Queue } from '../jobs/queue.js'
import type { RunClaim } from '../runs/run-fence.js'
import type { RunLeaseRepository } from '../runs/run-lease.repository.js'
import type { ComputeChild } from './compute-child.js'
import type { RunResultsRepository } from './run-results.repository.js'

export interface RunTakerRooms {
  readonly prisma: PrismaClient
  readonly queue: Queue
  readonly leases: RunLeaseRepository
  readonly results: RunResultsRepository
  readonly trainerId: string
  readonly engineChoice: EngineChoice
}

/** For a trainer that has the engine to come by. */
const OTHER_ENGINE_SECONDS = 5

export interface RunTaker {
  /** @returns null if nothing waits that this child can compute */
  next(child: ComputeChild): Promise<RunClaim | null>
}

export function createRunTaker({ prisma, queue, leases, results, trainerId, engineChoice }: RunTakerRooms): RunTaker {
  const take = async (job: FetchedJob<'run'>, child: ComputeChild): Promise<RunClaim | null> => {
    const { trainingRunId } = job.payload
    const complete = (tx: Transaction): Promise<boolean> => queue.complete('run', job, tx)
    const pinned = await results.readBackend(trainingRunId)
    if (pinned !== null && !canServe(pinned, child, engineChoice)) {
      await prisma.$transaction(async (tx) => {
        await complete(tx)
        await queue.enqueue(tx, { queue: 'run', payload: job.payload, startAfterSeconds: OTHER_ENGINE_SECONDS })
      })
      return null
    }
    const claim = await leases.claim(trainingRunId, trainerId, complete)
    // It was cancelled, deleted or taken by somebody else: its turn is over.
    if (claim === null) await queue.complete('run', job)
    return claim
  }
  return {
    next: async (child) => {
      const job = await queue.fetch('run')
      if (job === null) return null
      try {
        return await take(job, child)
      } catch (error) {
        await queue.fail('run', job, String(error)).catch(() => undefined)
        throw error
      }
    },
  }
}

const EVERYWHERE = ['wasm', 'cpu']

/** A run keeps the backend that its first attempt had. The plain ones are everywhere; unless another was asked for. */
function canServe(pinned: string, { engine }: ComputeChild, choice: EngineChoice): boolean {
  return engine?.backend === pinned || (engine !== null && choice === 'auto' && EVERYWHERE.includes(pinned))
}
