/** What a server takes that serves many checkpoints of one trunk, beside one that serves one of them. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { StagedServer } from '../api/stage.js'
import { classify } from './callers.js'
import type { SeededModels } from './seeded-models.js'

export interface Memory {
  /** Resident of the one. */
  readonly oneBytes: number
  /** Resident of the other. */
  readonly allBytes: number
  /** What it takes more, beyond the further heads' own weights, as a share of the one's. */
  readonly share: number
}

/** For each checkpoint, and as many in all of the one. */
const REQUESTS = 10
const SETTLE_MS = 3_000

/** Null where resident sizes cannot be seen. */
export async function measureMemory(
  servers: readonly [StagedServer, StagedServer],
  { checkpointIds, headBytes }: SeededModels,
  base64: string,
): Promise<Memory | null> {
  const [first = ''] = checkpointIds
  const oneBytes = await memoryAfter(servers[0], Array<string>(checkpointIds.length).fill(first), base64)
  const allBytes = await memoryAfter(servers[1], checkpointIds, base64)
  if (oneBytes === null || allBytes === null) return null
  const heads = (checkpointIds.length - 1) * headBytes
  return { oneBytes, allBytes, share: (allBytes - oneBytes - heads) / oneBytes }
}

async function memoryAfter(
  server: StagedServer,
  checkpointIds: readonly string[],
  base64: string,
): Promise<number | null> {
  for (const checkpointId of checkpointIds)
    for (let i = 0; i < REQUESTS; i++) await classify(server.url, base64, { checkpointId })
  await sleep(SETTLE_MS)
  // Asking what it holds makes it collect: what a process has not yet given back would count for or against a checkpoint.
  await server.heldBytes()
  return server.memoryBytes()
}
