import { resolve } from 'node:path'
import { z } from 'zod'
import { byteCount, count, whole } from './quantity.setting.js'
import { storageSettings } from './storage.setting.js'
import { tokens } from './token.setting.js'
import { trunkWeights } from './trunk-weights.setting.js'

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const

const databaseUrl = z
  .string()
  .refine((text) => /^postgres(ql)?:\/\/[^/]/.test(text) && URL.canParse(text), {
    error:
      'not an address such as postgresql://user:password@host:5432/database; special characters in the password are ' +
      'written percent-encoded (# is %23), and a port is at most 65535',
  })
  .optional()

const engine = z
  .enum(['auto', 'tensorflow', 'webgpu', 'wasm', 'cpu'], { error: 'use auto, tensorflow, webgpu, wasm or cpu' })
  .default('auto')

const trunkPrecision = z.enum(['fp32', 'int8'], { error: 'use fp32 or int8' }).default('fp32')

const importRoots = z
  .string()
  .transform((text) =>
    text
      .split(':')
      .filter((part) => part !== '')
      .map((part) => resolve(part)),
  )
  .optional()

const httpUrl = z.url({ protocol: /^https?$/, error: 'not an address such as https://graft.example.org' })

const origins = z
  .string()
  .default('')
  .transform((text) =>
    text
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== ''),
  )
  .pipe(
    z.array(
      z.string().refine((origin) => httpUrl.safeParse(origin).success && new URL(origin).origin === origin, {
        error: 'not web origins such as https://studio.example.org, ","-separated, without a path',
      }),
    ),
  )

const ports = z
  .string()
  .regex(/^\d{1,5}(,\d{1,5})*$/, { error: 'not ports such as 80,443' })
  .default('80,443')
  .transform((text) => text.split(',').map(Number))

const predictionDays = z
  .string()
  .regex(/^[1-9]\d{0,5}$/, { error: 'not a whole number of days from 1' })
  .transform(Number)
  .optional()

const trainerPort = z
  .string()
  .refine((text) => /^\d{1,5}$/.test(text) && Number(text) <= 65_535, { error: 'not a whole number from 0 to 65535' })
  .transform(Number)
  .optional()

/** The environment's variables by name, each with its default, its meaning and what it says when it is wrong. */
export const settings = {
  HOST: z.string().default('127.0.0.1'),
  PORT: whole(4000, 0, 65_535),
  DATABASE_URL: databaseUrl,
  GRAFT_DATA_DIR: z.string().default('./data'),
  ...storageSettings,
  GRAFT_TRUNK_WEIGHTS: trunkWeights,
  GRAFT_ENGINE: engine,
  GRAFT_IMPORT_ROOTS: importRoots,
  GRAFT_TOKENS: tokens,
  GRAFT_TRUSTED_DOCUMENTS: z.string().optional(),
  GRAFT_PUBLIC_URL: httpUrl.transform((text) => text.replace(/\/+$/, '')).optional(),
  GRAFT_ORIGINS: origins,
  GRAFT_MAX_UPLOAD_BYTES: byteCount(50e9),
  GRAFT_MAX_UNPACKED_BYTES: byteCount(50e9),
  GRAFT_MAX_ARCHIVE_ENTRIES: count(1_000_000),
  GRAFT_MAX_PIXELS: count(64_000_000),
  GRAFT_MAX_IMAGE_BYTES: byteCount(29e6),
  GRAFT_IMAGE_URL_PORTS: ports,
  GRAFT_FEATURE_CACHE_BYTES: byteCount(20e9),
  GRAFT_TRUNK_PRECISION: trunkPrecision,
  GRAFT_SERVING_BYTES: byteCount(1e9),
  GRAFT_CLASSIFY_QUEUE: count(32),
  GRAFT_TRAINER_SLOTS: whole(1, 1, 64),
  GRAFT_TRAINER_HOST: z.string().default('127.0.0.1'),
  GRAFT_TRAINER_PORT: trainerPort,
  GRAFT_STALL_SECONDS: whole(600, 1, 86_400),
  GRAFT_KEEP_PREDICTION_IMAGES: z
    .enum(['true', 'false'], { error: 'use true or false' })
    .default('false')
    .transform((text) => text === 'true'),
  GRAFT_PREDICTION_DAYS: predictionDays,
  GRAFT_LOG_LEVEL: z.enum(LOG_LEVELS, { error: `use ${LOG_LEVELS.join(', ')}` }).default('info'),
  GRAFT_LOG_FORMAT: z.enum(['auto', 'json'], { error: 'use auto or json' }).default('auto'),
}
