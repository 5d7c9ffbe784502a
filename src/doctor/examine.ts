/** What a newcomer's machine may lack, looked at one by one; nothing that one look meets keeps another from being taken. */
import { constants } from 'node:fs'
import { access, mkdir, stat, statfs } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { z } from 'zod'
import type { Config } from '../config/config.js'
import { connect } from '../database/connect.js'
import { nvidiaGpus, processorName } from '../engine/devices.js'
import { isInstalled } from '../engine/engine.js'
import { openStorage } from '../storage/open-storage.js'
import { type Answer, tryAddress } from './try-address.js'

export interface Finding {
  readonly what: string
  /** `note` is something to know, `bad` keeps Graft from working. */
  readonly state: 'good' | 'note' | 'bad'
  readonly found: string
  readonly remedy?: string
}

const LEAST_FREE_BYTES = 5e9
const LEAST_POSTGRES = 15

/** @param server the address of one that is looked at too, without a slash at its end */
export async function examine(config: Config, server?: string): Promise<Finding[]> {
  const looks: readonly (readonly [string, () => Promise<Finding>])[] = [
    ['node', () => Promise.resolve(node())],
    ['engine', () => Promise.resolve(engine(config))],
    ['weights', () => weights(config)],
    ['data', () => dataFolder(config)],
    ['database', () => database(config)],
    ['storage', () => storage(config)],
    ...(server === undefined ? [] : [['server', () => health(server)] as const]),
  ]
  return Promise.all(looks.map(([what, look]) => look().catch((error: unknown) => failed(what, error))))
}

function failed(what: string, error: unknown): Finding {
  return { what, state: 'bad', found: error instanceof Error ? error.message : String(error) }
}

function node(): Finding {
  const found = `Node ${process.versions.node} on ${process.platform}-${process.arch}, ${processorName()}`
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major > 20 || (major === 20 && minor >= 19)) return { what: 'node', state: 'good', found }
  return { what: 'node', state: 'bad', found, remedy: 'Graft needs Node 20.19 or newer.' }
}

function engine({ engine: wanted }: Config): Finding {
  const gpus = nvidiaGpus()
  const native = isInstalled('tensorflow')
  const found = [native ? 'native TensorFlow' : 'no native TensorFlow', ...gpus].join(', ')
  if (wanted === 'tensorflow' && !native) {
    return { what: 'engine', state: 'bad', found, remedy: 'GRAFT_ENGINE asks for TensorFlow: run npm run tensorflow.' }
  }
  if (native) return { what: 'engine', state: 'good', found }
  const option = gpus.length > 0 ? ' -- --gpu' : ''
  const remedy = `Training runs on WebGPU or WebAssembly; npm run tensorflow${option} makes it several times as fast.`
  return { what: 'engine', state: 'note', found, remedy }
}

async function weights({ trunkWeights, dataDir }: Config): Promise<Finding> {
  if (trunkWeights.kind === 'random') {
    return { what: 'weights', state: 'note', found: 'a random trunk', remedy: 'Its accuracies mean nothing.' }
  }
  const path = trunkWeights.kind === 'file' ? trunkWeights.path : join(dataDir, 'weights', basename(trunkWeights.url))
  const facts = await stat(path).catch(() => undefined)
  if (facts?.isFile() === true) return { what: 'weights', state: 'good', found: path }
  if (trunkWeights.kind === 'remote') return host(trunkWeights.url)
  return { what: 'weights', state: 'bad', found: `There is no file ${path}.`, remedy: 'Correct GRAFT_TRUNK_WEIGHTS.' }
}

/** Of weights that are not here yet. */
async function host(url: string): Promise<Finding> {
  const answer = await tryAddress(url, 'HEAD')
  if (answer.ok) return { what: 'weights', state: 'note', found: `not fetched yet; the first run fetches ${url}` }
  const found = `not fetched yet, and ${url} ${answer.says}`
  const remedy =
    'Let this machine reach it, or fetch the file elsewhere and set GRAFT_TRUNK_WEIGHTS to its path: no run trains before.'
  return { what: 'weights', state: 'bad', found, remedy }
}

/** A server that runs already: its settings may be others than those that were looked at here. */
async function health(server: string): Promise<Finding> {
  const answer = await tryAddress(`${server}/health/ready`, 'GET')
  if (answer.ok) return { what: 'server', state: 'good', found: `${server} is ready` }
  const found =
    answer.status === undefined ? `${server} ${answer.says}` : `${server} is not ready: ${reasonsOf(answer)}`
  const remedy = 'Correct GRAFT_URL, or start it and look at its log; what is found above is of this machine alone.'
  return { what: 'server', state: 'bad', found, remedy }
}

function reasonsOf({ body, says }: Answer): string {
  const answered = z.object({ reasons: z.record(z.string(), z.string()) }).safeParse(body)
  if (!answered.success) return `it ${says}`
  return Object.entries(answered.data.reasons)
    .map(([what, reason]) => `${what}: ${reason}`)
    .join('; ')
}

async function dataFolder({ dataDir }: Config): Promise<Finding> {
  await mkdir(dataDir, { recursive: true })
  await access(dataDir, constants.W_OK)
  const { bavail, bsize } = await statfs(dataDir)
  const free = bavail * bsize
  const found = `${dataDir}, ${(free * 1e-9).toFixed(0)} GB free`
  if (free >= LEAST_FREE_BYTES) return { what: 'data', state: 'good', found }
  return { what: 'data', state: 'note', found, remedy: 'Free some space, or point GRAFT_DATA_DIR at a larger disk.' }
}

async function database({ databaseUrl }: Config): Promise<Finding> {
  if (databaseUrl === undefined) {
    return { what: 'database', state: 'good', found: "Graft's own Postgres, in the data folder" }
  }
  const client = await connect(databaseUrl, 'graft-doctor')
  try {
    const { rows } = await client.query<{ server_version: string }>('SHOW server_version')
    const version = rows[0]?.server_version ?? 'unknown'
    const found = `Postgres ${version}`
    if (parseInt(version, 10) >= LEAST_POSTGRES) return { what: 'database', state: 'good', found }
    return { what: 'database', state: 'bad', found, remedy: `Graft needs Postgres ${String(LEAST_POSTGRES)} or newer.` }
  } finally {
    await client.end()
  }
}

async function storage(config: Config): Promise<Finding> {
  await openStorage(config)
  const found = config.storage.kind === 'file' ? config.storage.directory : `s3://${config.storage.bucket}`
  return { what: 'storage', state: 'good', found }
}
