/** A history of runs as many trainers would have left it in months, written by Postgres itself. */
import type { PrismaClient } from '../../src/database/generated/client.js'
import { parseHyperparameters } from '../../src/domain/hyperparameters.js'

const CLASSES = 10

export interface History {
  readonly runs: number
  readonly epochs: number
}

/** All SUCCEEDED, a minute apart. */
export async function seedHistory(prisma: PrismaClient, { runs, epochs }: History): Promise<void> {
  const versionId = await seedVersion(prisma)
  const hyperparameters = defaults()
  await prisma.$executeRaw`
    INSERT INTO training_run (id, name, dataset_version_id, hyperparameters, status, created_at, started_at, finished_at,
      latest_epoch_number, best_epoch_number, best_validation_loss, best_validation_accuracy)
    SELECT gen_random_uuid(), 'run ' || n, ${versionId}::uuid, ${hyperparameters}::jsonb, 'SUCCEEDED',
      now() - n * interval '1 minute', now() - n * interval '1 minute', now() - n * interval '1 minute',
      ${epochs}::int, ${epochs}::int, 0.5, 0.5 + (n % 997) / 2000.0
    FROM generate_series(1, ${runs}::int) AS n`
  await prisma.$executeRaw`
    INSERT INTO epoch (id, training_run_id, number, train_loss, train_accuracy, validation_loss, validation_accuracy,
      learning_rate, per_class, macro_f1, seconds, images_per_second)
    SELECT gen_random_uuid(), run.id, number, 0.5, 0.8, 0.5, 0.8, 0.001, ${perClass()}::jsonb, 0.8, 1, 800
    FROM training_run AS run, generate_series(1, ${epochs}::int) AS number`
  await prisma.$executeRaw`VACUUM ANALYZE`
}

/** One that trains, for subscribers. @returns its id */
export async function seedRunning(prisma: PrismaClient): Promise<string> {
  const datasetVersionId = await seedVersion(prisma)
  const { id } = await prisma.trainingRun.create({
    // Whoever is said to hold it is believed: there is no trainer that would look.
    data: { name: 'live', status: 'RUNNING', datasetVersionId, hyperparameters: JSON.parse(defaults()) as object },
  })
  return id
}

export function perClass(): string {
  const metrics = { precision: 0.81234567, recall: 0.79123456, f1Score: 0.80165432, support: 50 }
  return JSON.stringify(Array.from({ length: CLASSES }, (_, i) => ({ label: `class ${String(i)}`, ...metrics })))
}

async function seedVersion(prisma: PrismaClient): Promise<string> {
  const { id: datasetId } = await prisma.dataset.create({ data: { name: 'bench' } })
  const classNames = Array.from({ length: CLASSES }, (_, i) => `class ${String(i)}`)
  const each = classNames.map(() => 50)
  const version = { number: 1, digest: '0'.repeat(64), seed: 0, counts: { TRAIN: each, VALIDATION: each, TEST: each } }
  return (await prisma.datasetVersion.create({ data: { ...version, datasetId, classNames } })).id
}

function defaults(): string {
  const parsed = parseHyperparameters({})
  if ('issues' in parsed) throw new Error('The defaults are refused')
  return JSON.stringify(parsed.value)
}
