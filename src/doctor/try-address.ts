/** Whether an address answers, asked once and not waited for long. */
const PATIENCE_MS = 5000

export interface Answer {
  readonly ok: boolean
  /** Undefined where nothing answered. */
  readonly status?: number
  /** As a predicate: "answers 404", "cannot be reached (connect ECONNREFUSED 127.0.0.1:9)". */
  readonly says: string
  /** Where it is JSON. */
  readonly body?: unknown
}

export async function tryAddress(url: string, method: 'GET' | 'HEAD'): Promise<Answer> {
  try {
    const response = await fetch(url, { method, signal: AbortSignal.timeout(PATIENCE_MS) })
    const body: unknown = await response.json().catch(() => undefined)
    return { ok: response.ok, status: response.status, says: `answers ${String(response.status)}`, body }
  } catch (error) {
    return { ok: false, says: `cannot be reached (${reasonOf(error)})` }
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error.name === 'TimeoutError') return `no answer within ${String(PATIENCE_MS / 1000)} s`
  return error.cause instanceof Error ? error.cause.message : error.message
}
