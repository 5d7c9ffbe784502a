/** What a run's holder writes down for it: each write passes the fence or throws ClaimLostError and changes nothing. */
import { z } from 'zod'
import type { Transaction } from '../database/database.js'
import { Prisma, type PrismaClient } from '../database/generated/client.js'
import type { RunFailure } from '../domain/failure.js'
import { readHyperparameters } from '../domain/hyperparameters.js'
import { readPrecision } from '../domain/precision.js'
import type { RunProgress } from '../domain/progress.js'
import { BACKENDS, type Backend } from '../engine/engine.type.js'
import { notify } from '../events/events.js'
import type { ComputeTask, EvaluationResult, FinishedEpoch, Preparation } from '../compute/messages.js'
import { keepTrunk } from '../runs/keep-trunk.js'
import { type RunClaim, writeFenced, writeStatusFenced } from '../runs/run-fence.js'
import { insertOutcomes, OUTCOMES_TIMEOUT_MS } from './outcome-rows.js'

const storedEngine = z.object({ backend: z.enum(BACKENDS) })
/** Checkpoints that are kept beside the best one. */
const KEPT_CHECKPOINTS = 3

export class RunResultsRepository {
  constructor(private readonly prisma: PrismaClient) {}

  /** What the compute child needs to know to begin the run or to go on with it. */
  async readTask({ runId, trainerId, lease }: RunClaim): Promise<ComputeTask> {
    const run = await this.prisma.trainingRun.findUniqueOrThrow({
      where: { id: runId },
      include: {
        datasetVersion: { select: { digest: true } },
        fromCheckpoint: { select: { sha256: true } },
        checkpoints: { orderBy: { epoch: 'desc' }, take: 1, select: { epoch: true, sha256: true } },
      },
    })
    return {
      ...{ runId, trainerId, lease },
      manifestSha256: run.datasetVersion.digest,
      hyperparameters: readHyperparameters(run.hyperparameters),
      trunkSha256: run.trunkSha256,
      trunkPrecision: readPrecision(run.trunkPrecision),
      backend: pinnedBackend(run.engine),
      fromCheckpointSha256: run.fromCheckpoint?.sha256 ?? null,
      resumeSha256: run.resumeSha256,
      // Only an epoch that is the best so far leaves a checkpoint, so the last one is the best.
      best: run.checkpoints[0] ?? null,
    }
  }

  /** Pins trunk, precision and engine, unless an earlier attempt did. */
  pin(claim: RunClaim, { trunkSha256, trunkPrecision, configured, engine }: Preparation): Promise<void> {
    return this.prisma.$transaction(async (tx) => {
      if (configured !== null) await keepTrunk(tx, configured)
      await writeFenced(
        tx,
        claim,
        Prisma.sql`trunk_sha256 = coalesce(trunk_sha256, ${trunkSha256}),
          trunk_precision = coalesce(trunk_precision, ${trunkPrecision}),
          engine = coalesce(engine, ${JSON.stringify(engine)}::jsonb)`,
      )
    })
  }

  setStatus(claim: RunClaim, status: 'RUNNING' | 'EVALUATING'): Promise<void> {
    return this.prisma.$transaction((tx) =>
      writeStatusFenced(tx, claim, Prisma.sql`status = ${status}::"TrainingRunStatus"`),
    )
  }

  setProgress(claim: RunClaim, progress: RunProgress): Promise<void> {
    return this.prisma.$transaction((tx) =>
      writeFenced(tx, claim, Prisma.sql`progress = ${JSON.stringify(progress)}::jsonb`),
    )
  }

  /** An epoch that is there already (its resume state was lost, so it came again) changes only the resume state. */
  storeEpoch(claim: RunClaim, { epoch, checkpoint, resume }: FinishedEpoch): Promise<void> {
    return this.prisma.$transaction(async (tx) => {
      await writeFenced(tx, claim, Prisma.sql`resume_sha256 = ${resume.sha256}`)
      const perClass = epoch.perClass.map((metrics) => ({ ...metrics }))
      const data = [{ ...epoch, perClass, trainingRunId: claim.runId }]
      const { count } = await tx.epoch.createMany({ data, skipDuplicates: true })
      if (count === 0) return
      await tx.trainingRun.update({
        where: { id: claim.runId },
        data: {
          latestEpochNumber: epoch.number,
          ...(checkpoint && {
            bestEpochNumber: epoch.number,
            bestValidationLoss: epoch.validationLoss,
            bestValidationAccuracy: epoch.validationAccuracy,
          }),
        },
      })
      const { number, validationLoss, validationAccuracy, temperature } = epoch
      const figures = { epoch: number, validationLoss, validationAccuracy, temperature }
      if (checkpoint) await tx.checkpoint.create({ data: { trainingRunId: claim.runId, ...figures, ...checkpoint } })
    })
  }

  /** Deletes checkpoints beyond the best and the last three that nobody refers to. @returns their blobs */
  async pruneCheckpoints({ runId }: RunClaim): Promise<string[]> {
    const rows = await this.prisma.$queryRaw<{ sha256: string }[]>`
      DELETE FROM checkpoint c WHERE training_run_id = ${runId}::uuid
        AND epoch NOT IN (
          SELECT epoch FROM checkpoint WHERE training_run_id = ${runId}::uuid ORDER BY epoch DESC LIMIT ${KEPT_CHECKPOINTS})
        AND NOT EXISTS (SELECT 1 FROM alias WHERE checkpoint_id = c.id)
        AND NOT EXISTS (SELECT 1 FROM training_run WHERE from_checkpoint_id = c.id)
      RETURNING sha256`
    return rows.map((row) => row.sha256)
  }

  /** The evaluation with all its outcomes and the run's success, together or not at all. */
  succeed(claim: RunClaim, result: EvaluationResult): Promise<void> {
    return this.prisma.$transaction(
      async (tx) => {
        const id = await createEvaluation(tx, claim, result)
        const testAccuracy = result.split === 'TEST' ? result.accuracy : null
        await writeStatusFenced(
          tx,
          claim,
          Prisma.sql`status = 'SUCCEEDED', evaluation_id = ${id}::uuid, test_accuracy = ${testAccuracy}::float8,
            resume_sha256 = NULL, trainer_id = NULL, renewed_at = NULL, finished_at = now()`,
        )
        await notify(tx, { topic: 'evaluation', id })
      },
      { timeout: OUTCOMES_TIMEOUT_MS },
    )
  }

  fail(claim: RunClaim, failure: RunFailure): Promise<void> {
    return this.prisma.$transaction((tx) =>
      writeStatusFenced(
        tx,
        claim,
        Prisma.sql`status = 'FAILED', failure = ${JSON.stringify(failure)}::jsonb, trainer_id = NULL, renewed_at = NULL,
          finished_at = now()`,
      ),
    )
  }

  cancel(claim: RunClaim): Promise<void> {
    return this.prisma.$transaction((tx) =>
      writeStatusFenced(
        tx,
        claim,
        Prisma.sql`status = 'CANCELLED', trainer_id = NULL, renewed_at = NULL, finished_at = now()`,
      ),
    )
  }
}

function pinnedBackend(engine: Prisma.JsonValue): Backend | null {
  return engine === null ? null : storedEngine.parse(engine).backend
}

async function createEvaluation(tx: Transaction, claim: RunClaim, result: EvaluationResult): Promise<string> {
  const { epoch, split, loss, confusionMatrix } = result
  const { runId: trainingRunId, datasetVersionId } = claim
  const checkpoint = await tx.checkpoint.findUniqueOrThrow({
    where: { trainingRunId_epoch: { trainingRunId, epoch } },
    select: { id: true },
  })
  const { id: evaluationId } = await tx.evaluation.create({
    data: {
      checkpointId: checkpoint.id,
      datasetVersionId,
      split,
      loss,
      state: 'SUCCEEDED',
      confusionMatrix: confusionMatrix.map((row) => [...row]),
      finishedAt: new Date(),
    },
  })
  await insertOutcomes(tx, { evaluationId, versionId: datasetVersionId, result })
  return evaluationId
}
