/** Those who ask: one after the other, many at once, and more than can be answered. */
import { setTimeout as sleep } from 'node:timers/promises'
import { ask } from '../api/requests.js'

export interface Throughput {
  readonly perSecond: number
  /** Milliseconds of each answer. */
  readonly taken: readonly number[]
}

/** @param work what each of them does again and again until the time is over; what is under way then is awaited and counted */
export async function callAtOnce(callers: number, seconds: number, work: () => Promise<void>): Promise<Throughput> {
  const taken: number[] = []
  const startedAt = performance.now()
  const until = startedAt + seconds * 1000
  await Promise.all(
    Array.from({ length: callers }, async () => {
      while (performance.now() < until) {
        const askedAt = performance.now()
        await work()
        taken.push(performance.now() - askedAt)
      }
    }),
  )
  return { perSecond: (taken.length * 1000) / (performance.now() - startedAt), taken }
}

const CLASSIFY = `mutation($input: ClassifyInput!) { classify(input: $input) {
  __typename ... on ClassifySuccess { prediction { id label scores { label probability } } } } }`

export type Model = { readonly alias: string } | { readonly checkpointId: string }

interface Answer {
  readonly data?: { readonly classify: { readonly __typename: string } } | null
  readonly errors?: readonly { readonly extensions: { readonly code: string } }[]
}

/** @throws Error on any other refusal */
async function askOnce(url: string, base64: string, model: Model): Promise<'answered' | 'refused'> {
  const { body } = await ask(url, { query: CLASSIFY, variables: { input: { image: { base64 }, model } } })
  const { data, errors } = JSON.parse(body.toString()) as Answer
  if (data?.classify.__typename === 'ClassifySuccess') return 'answered'
  if (errors?.[0]?.extensions.code === 'RATE_LIMITED') return 'refused'
  throw new Error(`Not classified: ${body.toString()}`)
}

/** @throws Error on any refusal */
export async function classify(url: string, base64: string, model: Model): Promise<void> {
  if ((await askOnce(url, base64, model)) === 'refused') throw new Error('Refused for want of room')
}

export interface Overload {
  /** Milliseconds of each. */
  readonly answered: readonly number[]
  readonly refused: readonly number[]
}

/** Asks at a steady pace, whether or not there are answers. */
export async function overload(
  { perSecond, seconds }: { perSecond: number; seconds: number },
  askAgain: () => Promise<'answered' | 'refused'>,
): Promise<Overload> {
  const times: Record<'answered' | 'refused', number[]> = { answered: [], refused: [] }
  const startedAt = performance.now()
  const asked: Promise<void>[] = []
  for (let i = 0; i < perSecond * seconds; i++) {
    await sleep(Math.max(0, startedAt + (i * 1000) / perSecond - performance.now()))
    const askedAt = performance.now()
    const answer = askAgain().then((how) => void times[how].push(performance.now() - askedAt))
    // Awaited at the end: a failure must not count as unhandled until then.
    answer.catch(() => undefined)
    asked.push(answer)
  }
  await Promise.all(asked)
  return times
}

export const asking = (url: string, base64: string, model: Model) => () => askOnce(url, base64, model)
