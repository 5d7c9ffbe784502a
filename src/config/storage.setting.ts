/** GRAFT_STORAGE_URL, and what AWS's own tools call the rest. */
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { byteCount } from './quantity.setting.js'

export interface FileStorage {
  readonly kind: 'file'
  /** Absolute. */
  readonly directory: string
}

export interface S3Storage {
  readonly kind: 's3'
  readonly bucket: string
  /** Empty, or with a slash at its end. */
  readonly prefix: string
  readonly region: string
  /** Undefined means AWS's own. */
  readonly endpoint: string | undefined
  /** `https://host/bucket` instead of `https://bucket.host`. */
  readonly pathStyle: boolean
  /** Undefined leaves it to AWS's usual places: profiles, a container's or a machine's role. */
  readonly credentials: S3Credentials | undefined
  /** Absolute: for what is being written, and for copies. */
  readonly cacheDirectory: string
  readonly cacheBytes: number
}

interface S3Credentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
}

type Place = { readonly directory: string } | { readonly bucket: string; readonly prefix: string }

const text = z.string().optional()

const place = z
  .string()
  .optional()
  .transform((url, context): Place | undefined => {
    if (url === undefined) return undefined
    const found = url.startsWith('s3:') ? bucketOf(url) : directoryOf(url)
    if (found !== undefined) return found
    context.addIssue(
      url.startsWith('s3:') ? `"${url}" is not s3://bucket/prefix` : `"${url}" is not file:/path or s3://bucket/prefix`,
    )
    return z.NEVER
  })

export const storageSettings = {
  GRAFT_STORAGE_URL: place,
  GRAFT_STORAGE_CACHE_BYTES: byteCount(10e9),
  GRAFT_S3_PATH_STYLE: z.enum(['true', 'false'], { error: 'use true or false' }).optional(),
  AWS_ENDPOINT_URL: text,
  AWS_ENDPOINT_URL_S3: text,
  AWS_REGION: text,
  AWS_DEFAULT_REGION: text,
  AWS_ACCESS_KEY_ID: text,
  AWS_SECRET_ACCESS_KEY: text,
  AWS_SESSION_TOKEN: text,
}

type StorageValues = z.infer<z.ZodObject<typeof storageSettings>>

/** An endpoint that is not AWS's seldom cares for the region, but every request names one. */
const ANY_REGION = 'us-east-1'

export function storageOf(values: StorageValues, dataDir: string): FileStorage | S3Storage {
  const { GRAFT_STORAGE_URL: named } = values
  if (named === undefined) return { kind: 'file', directory: join(dataDir, 'blobs') }
  if ('directory' in named) return { kind: 'file', ...named }
  const endpoint = values.AWS_ENDPOINT_URL_S3 ?? values.AWS_ENDPOINT_URL
  const wantsPathStyle = values.GRAFT_S3_PATH_STYLE
  return {
    kind: 's3',
    ...named,
    endpoint,
    region: values.AWS_REGION ?? values.AWS_DEFAULT_REGION ?? ANY_REGION,
    pathStyle: wantsPathStyle === undefined ? endpoint !== undefined : wantsPathStyle === 'true',
    credentials: credentialsOf(values),
    cacheDirectory: join(dataDir, 'cache', 's3'),
    cacheBytes: values.GRAFT_STORAGE_CACHE_BYTES,
  }
}

function credentialsOf(values: StorageValues): S3Credentials | undefined {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_SESSION_TOKEN: token } = values
  if (accessKeyId === undefined || secretAccessKey === undefined) return undefined
  return { accessKeyId, secretAccessKey, ...(token === undefined ? {} : { sessionToken: token }) }
}

/** What must hold together; AWS's variables count only where storage is in S3. */
export function storageIssues(env: NodeJS.ProcessEnv): string[] {
  if (env['GRAFT_STORAGE_URL']?.startsWith('s3:') !== true) return []
  const name = env['AWS_ENDPOINT_URL_S3'] === undefined ? 'AWS_ENDPOINT_URL' : 'AWS_ENDPOINT_URL_S3'
  const endpoint = env[name]
  const issues: string[] = []
  if (endpoint !== undefined && !z.url({ protocol: /^https?$/ }).safeParse(endpoint).success)
    issues.push(`${name}: "${endpoint}" is not an address such as https://s3.example.org`)
  if (endpoint === undefined && (env['AWS_REGION'] ?? env['AWS_DEFAULT_REGION']) === undefined)
    issues.push("AWS_REGION: name the bucket's region, such as eu-central-1, or an endpoint in AWS_ENDPOINT_URL")
  if ((env['AWS_ACCESS_KEY_ID'] === undefined) !== (env['AWS_SECRET_ACCESS_KEY'] === undefined))
    issues.push('AWS_ACCESS_KEY_ID: set it and AWS_SECRET_ACCESS_KEY together, or neither')
  return issues
}

function bucketOf(url: string): Place | undefined {
  const [, bucket, path = ''] = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(\/[\w!.*'()/-]*)?$/.exec(url) ?? []
  if (bucket === undefined) return undefined
  const parts = path.split('/').filter((part) => part !== '')
  return { bucket, prefix: parts.map((part) => `${part}/`).join('') }
}

function directoryOf(url: string): Place | undefined {
  if (!url.startsWith('file:')) return undefined
  if (!url.startsWith('file://')) return url === 'file:' ? undefined : { directory: resolve(url.slice('file:'.length)) }
  try {
    return { directory: fileURLToPath(url) }
  } catch {
    return undefined
  }
}
