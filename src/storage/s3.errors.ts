/** What the answers of S3, and of servers that speak like it, mean for blobs. */
import type { S3Storage } from '../config/storage.setting.js'
import { BlobMissingError, StorageError, StorageFullError, StorageUnavailableError } from './storage.errors.js'

const MISSING = new Set(['NoSuchKey', 'NotFound'])
/** Those of servers with disks of their own. */
const FULL = new Set(['QuotaExceeded', 'InsufficientStorage', 'XMinioStorageFull', 'XMinioAdminBucketQuotaExceeded'])
const UNKNOWN_HOST = new Set(['ENOTFOUND', 'EAI_AGAIN'])
const NO_CREDENTIALS = new Set(['CredentialsProviderError', 'TokenProviderError', 'ProviderError'])

/** Errors that are neither the service's nor the network's are returned as they are. */
export type S3Errors = (error: unknown, sha256?: string) => Error

type Facts = ReturnType<typeof factsOf>

export function createS3Errors(storage: S3Storage): S3Errors {
  return (error, sha256) => {
    if (error instanceof StorageError) return error
    const facts = factsOf(error)
    if (sha256 !== undefined && MISSING.has(facts.name)) return new BlobMissingError(sha256)
    if (FULL.has(facts.name) || facts.status === 507)
      return new StorageFullError(
        'Free some space, or raise the quota of the bucket that GRAFT_STORAGE_URL names.',
        error,
      )
    if (error instanceof Error && isBug(facts)) return error
    return new StorageUnavailableError(adviceOn(facts, storage), error)
  }
}

function isBug({ name, status, code }: Facts): boolean {
  return status === undefined && code === '' && ['TypeError', 'RangeError', 'ReferenceError'].includes(name)
}

function adviceOn({ name, status, code, message }: Facts, { bucket, endpoint, region }: S3Storage): string {
  const server = endpoint ?? `S3 in ${region}`
  if (name === 'NoSuchBucket' || status === 404)
    return `${server} has no bucket "${bucket}": create it, or correct GRAFT_STORAGE_URL.`
  if (NO_CREDENTIALS.has(name))
    return 'There are no credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or give the machine a role.'
  if (status === 301 || status === 400)
    return `${server} does not take the request (${name}): check AWS_REGION, AWS_ENDPOINT_URL and GRAFT_S3_PATH_STYLE.`
  if (status === 401 || status === 403)
    return (
      `${server} refuses access to the bucket "${bucket}" (${name}): check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, ` +
      'the clock, and that they may list the bucket and get, put and delete objects in it.'
    )
  if (UNKNOWN_HOST.has(code)) return `The host of ${server} is not known: check AWS_ENDPOINT_URL and AWS_REGION.`
  if (status !== undefined) return `${server} answers with status ${String(status)} (${name}): check that it is well.`
  return `${server} does not answer (${code === '' ? message : code}): check AWS_ENDPOINT_URL, the network and the server.`
}

/** The SDK's errors by the words of the service, Node's by their codes. */
function factsOf(error: unknown): { name: string; status: number | undefined; code: string; message: string } {
  const { name, $metadata, code, message } = error as {
    name?: string
    $metadata?: { httpStatusCode?: number }
    code?: string
    message?: string
  }
  return {
    name: name ?? '',
    status: $metadata?.httpStatusCode,
    code: code ?? '',
    message: message ?? String(error),
  }
}
