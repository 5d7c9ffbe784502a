/** Takes the next run whose turn it is. */
import { BACKENDS, type Backend, type EngineChoice } from '../engine/engine.type.js'
import type { RunClaim } from '../runs/run-fence.js'
import type { RunLeaseRepository } from '../runs/run-lease.repository.js'
import type { ComputeChild } from './compute-child.js'

export interface RunTaker {
  /** @returns null if nothing waits that this child can compute */
  next(child: ComputeChild): Promise<RunClaim | null>
}

export function createRunTaker(rooms: {
  readonly leases: RunLeaseRepository
  readonly trainerId: string
  readonly engineChoice: EngineChoice
}): RunTaker {
  const { leases, trainerId, engineChoice } = rooms
  return { next: (child) => leases.claimNext({ trainerId, backends: servedBackends(child, engineChoice) }) }
}

const EVERYWHERE: readonly Backend[] = ['wasm', 'cpu']

/** A run keeps the backend that its first attempt had. The plain ones are everywhere; unless another was asked for. */
function servedBackends({ engine }: ComputeChild, choice: EngineChoice): Backend[] {
  if (engine === null) return []
  return BACKENDS.filter((backend) => backend === engine.backend || (choice === 'auto' && EVERYWHERE.includes(backend)))
}
