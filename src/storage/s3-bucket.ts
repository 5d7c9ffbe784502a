/** The few things that blobs need of a bucket. Every method throws StorageErrors only; tries and waits are bounded. */
import { readFile } from 'node:fs/promises'
import { createReadStream } from 'node:fs'
import type { Readable } from 'node:stream'
import {
  AbortMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  paginateListObjectsV2,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import { Upload } from '@aws-sdk/lib-storage'
import type { S3Storage } from '../config/storage.setting.js'
import type { ByteRange, StoredBlob } from './blob-store.js'
import { createS3Errors, type S3Errors } from './s3.errors.js'
import { BlobMissingError } from './storage.errors.js'

const TRIES = 4
/** Requests beyond these wait, which counts towards the time in which they must be connected. */
const SOCKETS = 256
const CONNECT_WITHIN_MS = 10_000
/** Without a byte in either direction. */
const IDLE_MS = 30_000
const REQUEST_WITHIN_MS = 300_000

/** More is sent in parts, each of which can be sent again; S3 takes 10,000 of them. */
const PART_BYTES = 16 << 20
const MOST_PARTS = 10_000
const PARTS_AT_ONCE = 3

/** Nobody uploads that long: it died. */
const ABANDONED_MS = 24 * 3600 * 1000

interface Facts {
  readonly byteSize: number
  readonly putAt: Date
}

/** @throws StorageUnavailableError */
export async function connectBucket(storage: S3Storage): Promise<Bucket> {
  const bucket = new Bucket(storage)
  await bucket.check()
  return bucket
}

export class Bucket {
  readonly #client: S3Client
  readonly #bucket: string
  readonly #prefix: string
  readonly #errorOf: S3Errors

  constructor(storage: S3Storage) {
    const { region, endpoint, pathStyle, credentials, bucket, prefix } = storage
    this.#bucket = bucket
    this.#prefix = prefix
    this.#errorOf = createS3Errors(storage)
    this.#client = new S3Client({
      region,
      forcePathStyle: pathStyle,
      maxAttempts: TRIES,
      // Servers that speak like S3 know its newer checksums seldom; blobs are proven by their names.
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
      requestHandler: {
        connectionTimeout: CONNECT_WITHIN_MS,
        socketTimeout: IDLE_MS,
        requestTimeout: REQUEST_WITHIN_MS,
        throwOnRequestTimeout: true,
        httpAgent: { maxSockets: SOCKETS, keepAlive: true },
        httpsAgent: { maxSockets: SOCKETS, keepAlive: true },
      },
      ...(endpoint === undefined ? {} : { endpoint }),
      // The SDK writes into what it is given.
      ...(credentials === undefined ? {} : { credentials: { ...credentials } }),
    })
  }

  /** Whether it can be had at all; ends what dead writers began. */
  async check(): Promise<void> {
    await this.#try(() => this.#client.send(new HeadBucketCommand({ Bucket: this.#bucket })))
    // Not every server can list them, and not everyone may.
    await this.#endAbandonedUploads().catch(() => undefined)
  }

  /** A reader sees all of the file's bytes or none. */
  async upload(place: string, { path, byteSize, sha256 }: StoredBlob & { path: string }): Promise<void> {
    const object = this.#at(place)
    if (byteSize <= PART_BYTES) {
      const Body = await readFile(path)
      const ChecksumSHA256 = Buffer.from(sha256, 'hex').toString('base64')
      await this.#try(() => this.#client.send(new PutObjectCommand({ ...object, Body, ChecksumSHA256 })))
      return
    }
    const upload = new Upload({
      client: this.#client,
      params: { ...object, Body: createReadStream(path) },
      partSize: Math.max(PART_BYTES, Math.ceil(byteSize / MOST_PARTS)),
      queueSize: PARTS_AT_ONCE,
    })
    await this.#try(() => upload.done())
  }

  /** Null if there is no such object. */
  async head(place: string): Promise<Facts | null> {
    try {
      const { ContentLength, LastModified } = await this.#try(
        () => this.#client.send(new HeadObjectCommand(this.#at(place))),
        place,
      )
      return { byteSize: ContentLength ?? 0, putAt: LastModified ?? new Date(0) }
    } catch (error) {
      if (error instanceof BlobMissingError) return null
      throw error
    }
  }

  /** Goes on where a connection broke. @param range all of it, if left out; what lies beyond the end is empty */
  async *download(place: string, { sha256, range }: { sha256: string; range?: ByteRange | undefined }) {
    let at = range?.start ?? 0
    for (let failures = 0; failures < TRIES;) {
      const body = await this.#try(() => this.#get(place, { ...range, start: at }), sha256)
      try {
        for await (const part of body as AsyncIterable<Uint8Array>) {
          at += part.length
          failures = 0
          yield part
        }
        return
      } catch (error) {
        failures += 1
        if (failures === TRIES) throw this.#errorOf(error, sha256)
      }
    }
  }

  async *list(): AsyncGenerator<Facts & { readonly place: string }> {
    const pages = paginateListObjectsV2({ client: this.#client }, { Bucket: this.#bucket, Prefix: this.#prefix })
    for (;;) {
      const { value: page, done } = await this.#try(() => pages.next())
      if (done === true) return
      for (const { Key, Size, LastModified } of page.Contents ?? []) {
        if (Key === undefined || LastModified === undefined) continue
        yield { place: Key.slice(this.#prefix.length), byteSize: Size ?? 0, putAt: LastModified }
      }
    }
  }

  async delete(place: string): Promise<void> {
    await this.#try(() => this.#client.send(new DeleteObjectCommand(this.#at(place))))
  }

  async #get(place: string, { start, end }: ByteRange): Promise<Readable | []> {
    const Range = start === 0 && end === undefined ? undefined : `bytes=${String(start)}-${String(end ?? '')}`
    try {
      const { Body } = await this.#client.send(new GetObjectCommand({ ...this.#at(place), Range }))
      return (Body as Readable | undefined) ?? []
    } catch (error) {
      if (error instanceof Error && error.name === 'InvalidRange') return []
      throw error
    }
  }

  async #endAbandonedUploads(): Promise<void> {
    const begun = await this.#client.send(
      new ListMultipartUploadsCommand({ Bucket: this.#bucket, Prefix: this.#prefix }),
    )
    for (const { Key, UploadId, Initiated } of begun.Uploads ?? []) {
      if (Date.now() - (Initiated?.getTime() ?? Infinity) < ABANDONED_MS) continue
      await this.#client.send(new AbortMultipartUploadCommand({ Bucket: this.#bucket, Key, UploadId }))
    }
  }

  #at(place: string): { Bucket: string; Key: string } {
    return { Bucket: this.#bucket, Key: this.#prefix + place }
  }

  async #try<Result>(request: () => Promise<Result>, sha256?: string): Promise<Result> {
    try {
      return await request()
    } catch (error) {
      throw this.#errorOf(error, sha256)
    }
  }
}
