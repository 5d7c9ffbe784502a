/** Whether weights can be had, told before they are needed: without fetching them. */
import { constants } from 'node:fs'
import { access } from 'node:fs/promises'
import { fetchedPath, reasonOf } from './download.js'

export interface RemoteWeights {
  readonly url: string
  /** Where fetched weights are kept. */
  readonly directory: string
  readonly signal?: AbortSignal
  /** How long the server may take to answer, in milliseconds. */
  readonly timeoutMs?: number
}

/** @returns why a file cannot be read; null where it can */
export async function unreadableBecause(path: string): Promise<string | null> {
  return access(path, constants.R_OK).then(
    () => null,
    (error: unknown) => `The weights ${path} cannot be read: ${reasonOf(error)}.`,
  )
}

/** @returns why weights could not be fetched; null where they could, or were fetched before */
export async function unreachableBecause(weights: RemoteWeights): Promise<string | null> {
  if ((await unreadableBecause(fetchedPath(weights))) === null) return null
  const reason = await refusalOf(weights).catch(reasonOf)
  // An address may carry a secret in its query.
  const { origin, pathname } = new URL(weights.url)
  return reason === null
    ? null
    : `The weights are not fetched yet, and ${origin}${pathname} is out of reach: ${reason}.`
}

async function refusalOf({ url, signal, timeoutMs = 10_000 }: RemoteWeights): Promise<string | null> {
  const late = AbortSignal.timeout(timeoutMs)
  // As they would be fetched, but for one byte: some servers refuse HEAD.
  const headers = { 'accept-encoding': 'identity', range: 'bytes=0-0' }
  const response = await fetch(url, { headers, signal: signal === undefined ? late : AbortSignal.any([late, signal]) })
  await response.body?.cancel()
  return response.ok ? null : `the server answered ${String(response.status)}`
}
