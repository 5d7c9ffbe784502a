/** The orders that runs are listed in, each as a keyset: how a page goes on after a row. */
import { z } from 'zod'
import type { Prisma, TrainingRun } from '../database/generated/client.js'
import { NEWEST_FIRST, newestFirst, olderThan, type CreationKey, type Keyset } from '../graphql/paginate.js'

export const TRAINING_RUN_ORDERS = [
  'CREATED_AT_DESC',
  'CREATED_AT_ASC',
  'VALIDATION_ACCURACY_DESC',
  'TEST_ACCURACY_DESC',
] as const
export type TrainingRunOrder = (typeof TRAINING_RUN_ORDERS)[number]

/** What a cursor of any of the orders holds: a moment or a figure (null where the run has none), then the id. */
export type RunKey = readonly [string | number | null, string]

/** `after` is the condition for the rows that follow a key. */
export interface RunOrdering {
  readonly keyset: Keyset<TrainingRun, RunKey>
  readonly orderBy: Prisma.TrainingRunOrderByWithRelationInput[]
  readonly after: (key: RunKey) => Prisma.TrainingRunWhereInput
}

const CREATED_AT_DESC: RunOrdering = {
  keyset: NEWEST_FIRST,
  orderBy: newestFirst,
  after: (key) => olderThan(key as CreationKey),
}

const CREATED_AT_ASC: RunOrdering = {
  keyset: NEWEST_FIRST,
  orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
  after: ([moment, id]) => {
    const createdAt = new Date(moment as string)
    return { createdAt: { gte: createdAt }, OR: [{ createdAt: { gt: createdAt } }, { id: { gt: id } }] }
  },
}

/** Highest first; runs without the figure come last, newest of them first (ids grow with time). */
function byFigure(field: 'bestValidationAccuracy' | 'testAccuracy'): RunOrdering {
  return {
    keyset: { key: z.tuple([z.number().nullable(), z.uuid()]), keyOf: (run) => [run[field], run.id] },
    orderBy: [{ [field]: { sort: 'desc', nulls: 'last' } }, { id: 'desc' }],
    after: ([figure, id]) =>
      figure === null
        ? { [field]: null, id: { lt: id } }
        : { OR: [{ [field]: { lt: figure } }, { [field]: figure, id: { lt: id } }, { [field]: null }] },
  }
}

export const RUN_ORDERINGS: Readonly<Record<TrainingRunOrder, RunOrdering>> = {
  CREATED_AT_DESC,
  CREATED_AT_ASC,
  VALIDATION_ACCURACY_DESC: byFigure('bestValidationAccuracy'),
  TEST_ACCURACY_DESC: byFigure('testAccuracy'),
}
