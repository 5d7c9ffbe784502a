import { z } from 'zod'

/** Findings in the order in which people look at them. */
export const BY_POSITION = { key: z.int().min(0), keyOf: (row: { position: number }) => row.position }
