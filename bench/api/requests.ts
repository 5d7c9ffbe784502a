/** Requests one after the other on a connection that is kept, and how long they take. */
import { Agent, request } from 'node:http'

const agent = new Agent({ keepAlive: true })

export interface Asked {
  readonly query: string
  readonly variables?: object
  /** `accept-encoding`; none unless given. */
  readonly encoding?: string
}

export interface Answered {
  readonly milliseconds: number
  /** Of the body, as it was sent. */
  readonly body: Buffer
}

export async function ask(url: string, { query, variables = {}, encoding = 'identity' }: Asked): Promise<Answered> {
  const headers = { 'content-type': 'application/json', 'accept-encoding': encoding }
  const startedAt = performance.now()
  const body = await new Promise<Buffer>((resolve, reject) => {
    const sent = request(url, { agent, method: 'POST', headers }, (response) => {
      const parts: Buffer[] = []
      response.on('data', (part: Buffer) => parts.push(part)).on('error', reject)
      response.on('end', () => resolve(Buffer.concat(parts)))
    })
    sent.on('error', reject).end(JSON.stringify({ query, variables }))
  })
  return { milliseconds: performance.now() - startedAt, body }
}

/** @throws Error on `errors` */
export async function askData<Data>(url: string, asked: Asked): Promise<Data> {
  const { data, errors } = JSON.parse((await ask(url, asked)).body.toString()) as { data?: Data; errors?: unknown }
  if (data === undefined || errors !== undefined) throw new Error(`Refused: ${JSON.stringify(errors)}`)
  return data
}

/** @param share e.g. 0.99 */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN
}

/** The median, the 99th in a hundred and the worst, for a table. */
export function spread(milliseconds: readonly number[]): string[] {
  return [quantile(milliseconds, 0.5), quantile(milliseconds, 0.99), Math.max(...milliseconds)].map(
    (value) => `${value.toFixed(1)} ms`,
  )
}
