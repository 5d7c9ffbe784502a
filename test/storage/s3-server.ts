/** A server that speaks S3, for tests: moto's, out of PyPI, put into the user's cache folder once. */
import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3'
import { describe } from 'vitest'
import { cacheDirectory } from '../../src/config/cache.js'

const PACKAGES = ['moto[s3]==5.2.1', 'flask==3.1.3', 'flask-cors==6.0.5']
const BUCKET = 'graft'
const KEYS = { accessKeyId: 'test', secretAccessKey: 'test-secret' }

export interface S3Server {
  readonly url: string
  readonly bucket: string
  readonly client: S3Client
  /** GRAFT_STORAGE_URL and AWS's variables for a prefix of the server's bucket. */
  env(prefix: string): Record<string, string>
  readonly process: ChildProcess
  close(): Promise<void>
}

const run = promisify(execFile)

const hasPip = await run('python3', ['-m', 'pip', '--version']).then(
  () => true,
  () => false,
)

/** A group of tests that needs such a server, and says so where it is skipped. */
export function describeWithS3(title: string, tests: () => void): void {
  if (hasPip) describe(title, tests)
  else describe.skip(`${title} (skipped: python3 with pip is missing)`, () => undefined)
}

export async function startS3Server(env: Record<string, string> = {}): Promise<S3Server> {
  const server = spawn('python3', ['-m', 'moto.server', '-H', '127.0.0.1', '-p', '0'], {
    env: { ...process.env, ...env, PYTHONPATH: await installed(), PYTHONUNBUFFERED: '1' },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const url = await addressOf(server)
  const client = new S3Client({ endpoint: url, region: 'us-east-1', forcePathStyle: true, credentials: KEYS })
  await client.send(new CreateBucketCommand({ Bucket: BUCKET }))
  return {
    url,
    bucket: BUCKET,
    client,
    env: (prefix) => ({
      GRAFT_STORAGE_URL: `s3://${BUCKET}/${prefix}`,
      AWS_ENDPOINT_URL_S3: url,
      AWS_ACCESS_KEY_ID: KEYS.accessKeyId,
      AWS_SECRET_ACCESS_KEY: KEYS.secretAccessKey,
    }),
    process: server,
    close: async () => {
      client.destroy()
      if (server.exitCode !== null || server.signalCode !== null) return
      const gone = once(server, 'exit')
      server.kill('SIGKILL')
      await gone
    },
  }
}

/** Of the folder with the packages: those who install at the same time do not meet. */
async function installed(): Promise<string> {
  const { stdout } = await run('python3', ['-c', 'import sys; print(sys.implementation.cache_tag)'])
  const directory = `${cacheDirectory()}/moto-5.2.1-${stdout.trim()}`
  if (existsSync(directory)) return directory
  const draft = `${directory}~${String(process.pid)}`
  await mkdir(dirname(directory), { recursive: true })
  try {
    await run('python3', ['-m', 'pip', 'install', '--quiet', '--target', draft, ...PACKAGES])
    await rename(draft, directory).catch((error: unknown) => {
      if (!existsSync(directory)) throw error
    })
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
  return directory
}

async function addressOf(server: ChildProcess): Promise<string> {
  const said: string[] = []
  for await (const line of createInterface({ input: server.stderr as NodeJS.ReadableStream })) {
    said.push(line)
    const [, url] = /Running on (http:\S+)/.exec(line) ?? []
    if (url === undefined) continue
    // Every request is a line: a pipe that nobody empties would stop the server.
    server.stderr?.resume()
    return url
  }
  throw new Error(`The server that speaks S3 did not start:\n${said.join('\n')}`)
}
