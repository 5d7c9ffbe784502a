/** The environment as one typed, frozen object. Only this room reads `process.env`. */
import { join, resolve } from 'node:path'
import { z } from 'zod'
import { isLoopback } from './address.js'
import type { Token } from './token.setting.js'
import { limitSettings, limitsOf, type Limits } from './limits.setting.js'
import { settings } from './settings.js'
import { storageIssues, storageOf, type FileStorage, type S3Storage } from './storage.setting.js'
import type { TrunkWeights } from './trunk-weights.setting.js'

export interface Config {
  readonly host: string
  /** 0 picks a free one. */
  readonly port: number
  /** Undefined means the embedded Postgres in the data folder. */
  readonly databaseUrl: string | undefined
  /** Absolute. */
  readonly dataDir: string
  readonly storage: FileStorage | S3Storage
  readonly trunkWeights: TrunkWeights
  readonly engine: 'auto' | 'tensorflow' | 'webgpu' | 'wasm' | 'cpu'
  /** Absolute paths of the folders that importImages may read. */
  readonly importRoots: readonly string[]
  readonly tokens: readonly Token[]
  /** Path of a JSON file of hashes and documents: then callers who may not write run nothing else. */
  readonly trustedDocuments: string | undefined
  /** Without a slash at its end; undefined means the address that the server listens on. */
  readonly publicUrl: string | undefined
  /** Web origins, as browsers send them, that may call beside our own. */
  readonly origins: readonly string[]
  readonly maxUploadBytes: number
  /** Of one archive. */
  readonly unpackLimits: { readonly unpackedBytes: number; readonly entries: number }
  readonly maxPixels: number
  readonly maxImageBytes: number
  /** From which pictures are fetched. */
  readonly imageUrlPorts: readonly number[]
  readonly featureCacheBytes: number
  /** Of runs that are not pinned to one yet. */
  readonly trunkPrecision: 'fp32' | 'int8'
  /** For the weights of trunks and heads that a server holds ready. */
  readonly servingBytes: number
  /** Pictures that may be inside, waiting or being classified, before others are refused. */
  readonly classifyQueue: number
  /** Runs at a time. */
  readonly trainerSlots: number
  readonly trainerHost: string
  /** Of a trainer's health and metrics; undefined: they are not served. 0 picks a free one. */
  readonly trainerPort: number | undefined
  /** A compute child is taken for hanging after no shorter silence than this. */
  readonly stallSeconds: number
  readonly keepPredictionImages: boolean
  /** Undefined means for ever. */
  readonly predictionDays: number | undefined
  readonly limits: Limits
  readonly logLevel: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent'
  /** `auto`: readable lines in a terminal, JSON anywhere else. */
  readonly logFormat: 'auto' | 'json'
}

export class ConfigError extends Error {
  override readonly name = 'ConfigError'

  /** One line for each setting that is wrong: its name, what is wrong, what is right. */
  constructor(readonly problems: readonly string[]) {
    super(['Graft cannot start with these settings:', ...problems.map((problem) => `  ${problem}`)].join('\n'))
  }
}

const environment = z.object({ ...settings, ...limitSettings })

/** Throws ConfigError with every problem at once. A variable that is set to nothing counts as not set. */
export function loadConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value?.trim() !== ''))
  const parsed = environment.safeParse(given)
  const problems = [...(parsed.error?.issues ?? []).map(problemOf), ...exposureIssues(given), ...storageIssues(given)]
  if (!parsed.success || problems.length > 0) throw new ConfigError(problems)
  return deepFreeze(configFrom(parsed.data))
}

function configFrom(values: z.infer<typeof environment>): Config {
  const dataDir = resolve(values.GRAFT_DATA_DIR)
  return {
    host: values.HOST,
    port: values.PORT,
    databaseUrl: values.DATABASE_URL,
    dataDir,
    storage: storageOf(values, dataDir),
    trunkWeights: values.GRAFT_TRUNK_WEIGHTS,
    engine: values.GRAFT_ENGINE,
    importRoots: values.GRAFT_IMPORT_ROOTS ?? [join(dataDir, 'imports')],
    tokens: values.GRAFT_TOKENS,
    trustedDocuments: values.GRAFT_TRUSTED_DOCUMENTS,
    publicUrl: values.GRAFT_PUBLIC_URL,
    origins: values.GRAFT_ORIGINS,
    maxUploadBytes: values.GRAFT_MAX_UPLOAD_BYTES,
    unpackLimits: { unpackedBytes: values.GRAFT_MAX_UNPACKED_BYTES, entries: values.GRAFT_MAX_ARCHIVE_ENTRIES },
    maxPixels: values.GRAFT_MAX_PIXELS,
    maxImageBytes: values.GRAFT_MAX_IMAGE_BYTES,
    imageUrlPorts: values.GRAFT_IMAGE_URL_PORTS,
    featureCacheBytes: values.GRAFT_FEATURE_CACHE_BYTES,
    trunkPrecision: values.GRAFT_TRUNK_PRECISION,
    servingBytes: values.GRAFT_SERVING_BYTES,
    classifyQueue: values.GRAFT_CLASSIFY_QUEUE,
    trainerSlots: values.GRAFT_TRAINER_SLOTS,
    trainerHost: values.GRAFT_TRAINER_HOST,
    trainerPort: values.GRAFT_TRAINER_PORT,
    stallSeconds: values.GRAFT_STALL_SECONDS,
    keepPredictionImages: values.GRAFT_KEEP_PREDICTION_IMAGES,
    predictionDays: values.GRAFT_PREDICTION_DAYS,
    limits: limitsOf(values),
    logLevel: values.GRAFT_LOG_LEVEL,
    logFormat: values.GRAFT_LOG_FORMAT,
  }
}

function problemOf(issue: z.core.$ZodIssue): string {
  return `${issue.path.join('.')}: ${issue.message}`
}

/** Without tokens whoever reaches the server may do everything, so nobody but this machine may reach it. */
function exposureIssues(env: NodeJS.ProcessEnv): string[] {
  if (env['GRAFT_TOKENS'] !== undefined) return []
  const exposed = ['HOST', 'GRAFT_TRAINER_HOST'].filter((name) => !isLoopback(env[name] ?? 'localhost'))
  return exposed.map(
    (name) =>
      `${name}: "${env[name] ?? ''}" is reachable from other machines, and without tokens every caller may do everything. ` +
      'Set GRAFT_TOKENS (name:scope+scope:secret, e.g. "studio:write:" and a secret of 16 characters or more), ' +
      `or leave ${name} at 127.0.0.1.`,
  )
}

function deepFreeze<Value extends object>(value: Value): Value {
  for (const part of Object.values(value)) if (typeof part === 'object' && part !== null) deepFreeze(part as object)
  return Object.freeze(value)
}
