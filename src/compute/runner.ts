import type { Logger } from 'pino'
import { PictureUnavailableError } from '../features/compute-features.js'
import type { EngineRoom } from './engine-room.js'
import { evaluationFailure } from './evaluation-failure.js'
import { failureOf } from './failures.js'
import { createHelper } from './helper.js'
import type { ComputeTask, Ending, HelpMessage, PortionTask } from './messages.js'
import type { ComputeTools } from './run-context.js'
import { runTask } from './run-task.js'

export interface Runner {
  /** Does a run and says how it ended; never rejects. */
  run(task: ComputeTask): Promise<void>
  /** Computes features for another trainer's run and says how that ended; never rejects. */
  help(task: PortionTask): Promise<void>
  /** Ends the present run at its next step, or the present portion at its next batch. */
  cancel(): void
}

export interface RunnerTools extends Omit<ComputeTools, 'engine'> {
  readonly engines: EngineRoom
  readonly log: Logger
}

export function createRunner({ engines, log, ...tools }: RunnerTools): Runner {
  let present = new AbortController()
  const helper = createHelper()

  const end = async (task: ComputeTask, signal: AbortSignal): Promise<Ending> => {
    const { runId, trainerId, lease } = task
    const runLog = log.child({ runId, trainerId, lease })
    runLog.debug('The run begins.')
    try {
      const engine = await engines.engineFor(task.backend)
      return { type: 'evaluated', evaluation: await runTask(task, { ...tools, engine, log: runLog }, signal) }
    } catch (error) {
      if (signal.aborted) return { type: 'cancelled' }
      runLog.error({ err: error }, 'The run failed.')
      const picture = error instanceof PictureUnavailableError ? error.picture : null
      return { type: 'failed', failure: failureOf(error, task.hyperparameters), picture }
    }
  }

  const endHelp = async (task: PortionTask, signal: AbortSignal): Promise<HelpMessage> => {
    try {
      const engine = await engines.engineFor(null)
      return { type: 'helped', shard: await helper.help(task, { ...tools, engine }, signal) }
    } catch (error) {
      if (signal.aborted) return { type: 'cancelled' }
      log.warn({ err: error }, "Features for another trainer's run could not be computed.")
      return { type: 'failed', failure: evaluationFailure(error, 'evaluate'), picture: null }
    }
  }

  return {
    run: async (task) => {
      present = new AbortController()
      await helper.rest()
      tools.link.say(await end(task, present.signal))
    },
    help: async (task) => {
      present = new AbortController()
      tools.link.say(await endHelp(task, present.signal))
    },
    cancel: () => {
      present.abort()
    },
  }
}
