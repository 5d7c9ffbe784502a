import type { Logger } from 'pino'
import { PictureUnavailableError } from '../features/compute-features.js'
import type { EngineRoom } from './engine-room.js'
import { failureOf } from './failures.js'
import type { ComputeTask, Ending } from './messages.js'
import type { ComputeTools } from './run-context.js'
import { runTask } from './run-task.js'

export interface Runner {
  /** Does a run and says how it ended; never rejects. */
  run(task: ComputeTask): Promise<void>
  /** Ends the present run at its next step. */
  cancel(): void
}

export interface RunnerTools extends Omit<ComputeTools, 'engine'> {
  readonly engines: EngineRoom
  readonly log: Logger
}

export function createRunner({ engines, log, ...tools }: RunnerTools): Runner {
  let present = new AbortController()

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

  return {
    run: async (task) => {
      present = new AbortController()
      tools.link.say(await end(task, present.signal))
    },
    cancel: () => {
      present.abort()
    },
  }
}
