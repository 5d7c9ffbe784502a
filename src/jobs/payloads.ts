import { z } from 'zod'

const rowId = z.uuid()

/** What a job carries: the id of the row that it is about. Checked when it is written and when it is read. */
export const payloadSchemas = {
  import: z.strictObject({ importId: rowId }),
  evaluation: z.strictObject({ evaluationId: rowId }),
  inspection: z.strictObject({ datasetId: rowId }),
}

export type QueueName = keyof typeof payloadSchemas
export type JobPayloads = { [Name in QueueName]: z.infer<(typeof payloadSchemas)[Name]> }

export const QUEUE_NAMES = Object.keys(payloadSchemas) as QueueName[]

/** The payload's only value: the row that the job is about. */
export function rowIdOf(payload: JobPayloads[QueueName]): string {
  return Object.values(payload).join()
}
