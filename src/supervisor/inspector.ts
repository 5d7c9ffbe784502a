/** Inspections of datasets: each in a niced child of its own, beside the runs, as evaluations on request are. */
import type { InspectionMessage } from '../compute/messages.js'
import { MOST_ATTEMPTS } from '../domain/attempts.js'
import { ClaimLostError } from '../domain/claim-lost.js'
import { failureText } from '../domain/failure.js'
import type { JobHandler } from '../jobs/queue.js'
import { forkCompute, type ComputeChild } from './compute-child.js'
import type { EvaluatorRooms } from './evaluator.js'
import { HeldFeatures } from './held-features.js'
import type { ClaimedInspection, InspectionWorkRepository } from './inspection-work.repository.js'
import { persist } from './persist.js'

export interface InspectorRooms extends Omit<EvaluatorRooms, 'evaluations'> {
  readonly inspections: InspectionWorkRepository
}

/** Nobody waits for it as for a run or an evaluation: those go first. */
const NICENESS = 19

/** Rejects where the inspection should be tried again, by this trainer or by the next one. */
export function createInspector(rooms: InspectorRooms): JobHandler<'inspection'> {
  return async ({ datasetId }, { signal, attempt }) => {
    const log = rooms.log.child({ datasetId })
    const { inspections, evaluationEntry: entry, stallMs } = rooms
    // One that was asked for while another ran has no job of its own.
    for (
      let claimed = await inspections.claim(datasetId);
      claimed !== null;
      claimed = await inspections.claim(datasetId)
    ) {
      try {
        const child = await forkCompute({ entry, signal, stallMs, log: () => log, niceness: NICENESS })
        await follow(claimed, child, { ...rooms, log, signal }).finally(() => child.kill())
      } catch (error) {
        if (error instanceof ClaimLostError) return
        if (signal.aborted || attempt < MOST_ATTEMPTS) throw error
        log.error({ err: error }, 'An inspection was given up.')
        await inspections.fail(claimed.claim, GIVEN_UP)
      }
    }
  }
}

const GIVEN_UP =
  `Looking at the pictures was tried ${String(MOST_ATTEMPTS)} times and did not come to an end; ` +
  "the trainer's log has the details. Inspect the dataset again on a machine with more memory."

/** @throws ClaimLostError; Error if the child ends before its task */
async function follow(
  { claim, task }: ClaimedInspection,
  child: ComputeChild,
  rooms: InspectorRooms & { readonly signal: AbortSignal },
): Promise<void> {
  const { inspections } = rooms
  const write = <Result>(action: () => Promise<Result>): Promise<Result> => persist(action, rooms)
  const features = new HeldFeatures({ ...rooms, persist: write })
  const take = async (message: InspectionMessage): Promise<void> => {
    switch (message.type) {
      case 'sourced':
        await write(() => inspections.recordTrunk(message))
        child.send({ type: 'shards', shards: await features.open(message) })
        return
      case 'shardStored':
        return features.stored(message.shard, null)
      case 'shardsRead':
        rooms.observer.featuresFound(message.found)
        return features.read(message)
      case 'inspected':
        return write(() => inspections.succeed(claim, message.inspection, task.imageSize))
      case 'failed':
        return write(() => inspections.fail(claim, failureText(message.failure)))
    }
  }
  child.send({ type: 'inspect', task })
  let last: InspectionMessage['type'] | undefined
  for await (const message of child.messages<InspectionMessage>()) {
    await take(message)
    last = message.type
  }
  if (last !== 'inspected' && last !== 'failed') throw new Error("The inspection's child died.")
}
