import type { Logger } from 'pino'
import type { TrainingRun } from '../database/generated/client.js'
import { parseHyperparameters, readHyperparameters, type Hyperparameters } from '../domain/hyperparameters.js'
import { nameIssues } from '../domain/names.js'
import { invalidInput, isRefusal, notFound, type RefusalOf } from '../domain/refusals.js'
import { uuidOf } from '../graphql/ids.js'
import type { CheckpointFacts, NewRun, RunCreationRepository, VersionFacts } from './run-creation.repository.js'
import { sha256Of } from '../domain/digest.js'

export interface StartRunInput {
  readonly datasetVersionId: string
  readonly name?: string | null
  readonly hyperparameters?: object | null
  readonly fromCheckpointId?: string | null
  readonly idempotencyKey?: string | null
}

type StartRefusal = RefusalOf<'InvalidInput' | 'NotFound' | 'IdempotencyConflict'>

const MAX_NAME_LENGTH = 200

export class StartRunService {
  constructor(
    private readonly repository: RunCreationRepository,
    private readonly log: Logger,
  ) {}

  /** @param scope who asks: the same key of two callers names two runs */
  async start(input: StartRunInput, scope: string): Promise<TrainingRun | StartRefusal> {
    for (;;) {
      const references = await this.#references(input)
      if (isRefusal(references)) return references
      const planned = plan(input, references)
      if (isRefusal(planned)) return planned
      const idempotency = idempotencyOf(input, planned.hyperparameters, scope)
      const run = await this.repository.create({ ...planned, idempotency })
      if (run === null) continue
      this.log.info({ runId: run.id, status: run.status }, 'A run was asked for.')
      return run.idempotencyDigest === (idempotency?.digest ?? null) ? run : conflict(run)
    }
  }

  async #references(input: StartRunInput): Promise<References | RefusalOf<'NotFound'>> {
    const versionId = uuidOf(input.datasetVersionId, 'DatasetVersion')
    const version = versionId === undefined ? null : await this.repository.version(versionId)
    if (version === null) return notFound('dataset version', input.datasetVersionId)
    if (typeof input.fromCheckpointId !== 'string') return { version, from: null }
    const checkpointId = uuidOf(input.fromCheckpointId, 'Checkpoint')
    const from = checkpointId === undefined ? null : await this.repository.checkpoint(checkpointId)
    return from === null ? notFound('checkpoint', input.fromCheckpointId) : { version, from }
  }
}

interface References {
  readonly version: VersionFacts
  readonly from: CheckpointFacts | null
}

/** Everything about the new run, or all that is wrong with the input. */
function plan(
  input: StartRunInput,
  { version, from }: References,
): Omit<NewRun, 'idempotency'> | RefusalOf<'InvalidInput'> {
  const parsed = parseHyperparameters(input.hyperparameters, from?.head)
  const name = input.name ?? defaultName(version)
  const issues = [
    ...nameIssues(['name'], name),
    ...('issues' in parsed ? parsed.issues : []),
    ...nameIssues(['idempotencyKey'], input.idempotencyKey ?? 'none'),
  ]
  if (issues.length > 0 || 'issues' in parsed) return invalidInput(issues)
  return { name, version, from, hyperparameters: parsed.value }
}

/** "cats and dogs v1 #3": the dataset's name, cut where it is too long, its version and how many runs there are of it. */
function defaultName({ datasetName, number, runCount }: VersionFacts): string {
  const rest = ` v${String(number)} #${String(runCount + 1)}`
  return [...datasetName].slice(0, MAX_NAME_LENGTH - rest.length).join('') + rest
}

/** The digest is over what was asked for, defaults filled in: leaving a default out or giving it is the same input. */
function idempotencyOf(input: StartRunInput, hyperparameters: Hyperparameters, scope: string): NewRun['idempotency'] {
  if (typeof input.idempotencyKey !== 'string') return null
  const asked = [
    input.datasetVersionId,
    input.name ?? null,
    input.fromCheckpointId ?? null,
    readHyperparameters(hyperparameters),
  ]
  const digest = sha256Of(JSON.stringify(asked))
  return { scope, key: input.idempotencyKey, digest }
}

function conflict(run: TrainingRun): RefusalOf<'IdempotencyConflict'> {
  const message = `This idempotencyKey started the run "${run.name}" with another input. Choose a new key for a new run.`
  return { refusal: 'IdempotencyConflict', message, trainingRunId: run.id }
}
