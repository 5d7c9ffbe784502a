import { z } from 'zod'
import type { Outcome } from '../database/generated/client.js'
import type { Keyset } from '../graphql/paginate.js'

export const OUTCOME_ORDERS = ['LOSS_DESC', 'LOSS_ASC'] as const
export type OutcomeOrder = (typeof OUTCOME_ORDERS)[number]

export type OutcomeKey = readonly [loss: number, position: number]

/** By loss; of equal ones by the picture's place in the version, the other way round where losses fall. */
export const BY_LOSS: Keyset<Outcome, OutcomeKey> = {
  key: z.tuple([z.number(), z.int().min(0)]),
  keyOf: ({ loss, position }) => [loss, position],
}
