import { Arg, Ctx, Mutation, Resolver } from 'type-graphql'
import type { TrainingRun } from '../database/generated/client.js'
import { isRefusal, type Refusal } from '../domain/refusals.js'
import type { GraphContext } from '../graphql/context.js'
import type { RunControlService } from './run-control.service.js'
import type { StartRunService } from './start-run.service.js'
import {
  CancelTrainingRunResult,
  DeleteTrainingRunResult,
  ResumeTrainingRunResult,
  StartTrainingRunResult,
} from './training-run-result.type.js'
import {
  CancelTrainingRunInput,
  DeleteTrainingRunInput,
  ResumeTrainingRunInput,
  StartTrainingRunInput,
} from './training-run.input.js'
import { TrainingRunType } from './training-run.type.js'

@Resolver()
export class TrainingRunMutationResolver {
  constructor(
    private readonly starter: StartRunService,
    private readonly control: RunControlService,
  ) {}

  @Mutation(() => StartTrainingRunResult, { description: 'Puts a new run into the queue.' })
  async startTrainingRun(
    @Arg('input', () => StartTrainingRunInput, { description: 'What to learn from, and how.' })
    input: StartTrainingRunInput,
    @Ctx() { caller }: GraphContext,
  ) {
    return answer(await this.starter.start(input, caller.name))
  }

  @Mutation(() => CancelTrainingRunResult, {
    description: 'Stops a run; its epochs and checkpoints stay, and it can be resumed.',
  })
  async cancelTrainingRun(
    @Arg('input', () => CancelTrainingRunInput, { description: 'Which.' }) input: CancelTrainingRunInput,
  ) {
    return answer(await this.control.cancel(input.trainingRunId))
  }

  @Mutation(() => ResumeTrainingRunResult, {
    description: 'Goes on from the last epoch of a failed or cancelled run.',
  })
  async resumeTrainingRun(
    @Arg('input', () => ResumeTrainingRunInput, { description: 'Which.' }) input: ResumeTrainingRunInput,
  ) {
    return answer(await this.control.resume(input.trainingRunId))
  }

  @Mutation(() => DeleteTrainingRunResult, {
    description: 'Deletes a run that has ended, with its epochs, checkpoints and evaluations; predictions stay.',
  })
  deleteTrainingRun(
    @Arg('input', () => DeleteTrainingRunInput, { description: 'Which.' }) input: DeleteTrainingRunInput,
  ) {
    return this.control.delete(input.trainingRunId)
  }
}

function answer(result: TrainingRun | Refusal) {
  return isRefusal(result) ? result : { trainingRun: new TrainingRunType(result) }
}
