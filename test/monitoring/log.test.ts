import { mkdtemp, open, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { stripVTControlCharacters } from 'node:util'
import { expect, it } from 'vitest'
import { loadConfig } from '../../src/config/config.js'
import { secretsOf } from '../../src/config/secrets.js'
import { createLog, destinationOf } from '../../src/monitoring/log.js'

const TOKEN = 'a-secret/of"many characters'
const PASSWORD = 'p@ss+word-of-postgres'
const S3_KEY = 'wJalrXUtnFEMI-K7MDENG-bPxRfiCYEXAMPLEKEY'
const config = loadConfig({
  ...{
    GRAFT_STORAGE_URL: 's3://bucket',
    AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
    AWS_REGION: 'eu-central-1',
    AWS_SECRET_ACCESS_KEY: S3_KEY,
  },
  GRAFT_TOKENS: `me:admin:${TOKEN}`,
  DATABASE_URL: `postgresql://graft:${encodeURIComponent(PASSWORD)}@db:5432/graft`,
})

/** What a log writes, line by line. */
function record(level = 'trace') {
  const lines: string[] = []
  const to = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      lines.push(chunk.toString())
      done()
    },
  })
  return { lines, log: createLog({ name: 'server', level, format: 'auto', secrets: secretsOf(config) }, to) }
}

it('writes one JSON object a line, with its level, its time and who writes', () => {
  const { lines, log } = record()
  log.child({ runId: 'r1' }).info({ epoch: 3 }, 'An epoch\nwas trained.')
  expect(lines).toHaveLength(1)
  expect(lines[0]?.indexOf('\n')).toBe((lines[0]?.length ?? 0) - 1)
  const line = JSON.parse(lines[0] ?? '') as Record<string, unknown>
  expect(line).toMatchObject({ level: 'info', name: 'server', runId: 'r1', epoch: 3, msg: 'An epoch\nwas trained.' })
  expect(new Date(String(line['time'])).toISOString()).toBe(line['time'])
})

const base64 = Buffer.from(Array.from({ length: 600 }, (_, i) => (i * 7) % 256)).toString('base64')
const signature = 'kY3vJ0Qn5kq4TQ8m7s2hX6p1WcVbZ9rL'
const LEAKS: Record<string, [secret: string, write: (log: ReturnType<typeof record>['log']) => void]> = {
  'a token in a message': [TOKEN, (log) => log.info(`It said ${TOKEN}.`)],
  'a token in a field': [TOKEN, (log) => log.info({ given: TOKEN }, 'x')],
  "a token in an error's text": [TOKEN, (log) => log.error({ err: new Error(`no ${TOKEN}`) }, 'x')],
  "a token in an error's cause": [
    TOKEN,
    (log) => log.error({ err: new Error('no', { cause: new Error(TOKEN) }) }, 'x'),
  ],
  'a header that authorises': [
    '0123456789abcdef',
    (log) => log.warn({ headers: { authorization: 'Bearer 0123456789abcdef' } }, 'x'),
  ],
  "the database's password in its address": [
    encodeURIComponent(PASSWORD),
    (log) => log.info({ url: config.databaseUrl }, 'x'),
  ],
  "the database's password itself": [PASSWORD, (log) => log.info({ tried: PASSWORD }, 'x')],
  "S3's secret key": [S3_KEY, (log) => log.error({ err: new Error(`signed with ${S3_KEY}`) }, 'x')],
  'a password in an address of somebody else': ['hunter2', (log) => log.info('redis://user:hunter2@cache:6379')],
  "a signed picture's address": [signature, (log) => log.info(`/images/abc?size=64&signature=${signature}`)],
  "S3's signed address": [
    signature,
    (log) => log.info({ url: `https://s3/b/k?X-Amz-Expires=60&X-Amz-Signature=${signature}` }, 'x'),
  ],
  "an export's address": [signature, (log) => log.info({ path: `/exports/${signature}` }, 'x')],
  "an upload's address": [signature, (log) => log.info(`PUT /uploads/${signature} ended`)],
  'a picture in a request': [base64.slice(300, 400), (log) => log.info({ variables: { base64 } }, 'x')],
  'a picture in a text': [base64.slice(300, 400), (log) => log.error({ err: new Error(`bad: ${base64}`) }, 'x')],
  'a short base64 value of a body': [
    'aGVsbG8gd29ybGQ=',
    (log) => log.info({ body: '{"base64":"aGVsbG8gd29ybGQ="}' }, 'x'),
  ],
}

it.each(Object.entries(LEAKS))('never writes %s', (_, [secret, write]) => {
  const { lines, log } = record()
  write(log)
  expect(lines).toHaveLength(1)
  const forms = [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)]
  for (const form of forms) expect(lines[0]).not.toContain(form)
  expect(() => JSON.parse(lines[0] ?? '') as unknown).not.toThrow()
})

it('leaves what people need: ids, digests, paths and addresses without secrets', () => {
  const { lines, log } = record()
  const runId = '0198a3f2-77de-7c31-9d2c-5a8f0c1b2d3e'
  const sha256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'
  log.info({ runId, sha256, path: '/srv/graft/blobs/e3/b0/file.jpg', url: 'http://db.example.org:5432/graft' }, 'kept')
  for (const text of [runId, sha256, '/srv/graft/blobs/e3/b0/file.jpg', 'http://db.example.org:5432/graft']) {
    expect(lines[0]).toContain(text)
  }
})

it('does not take a short password for a secret word in every line', () => {
  expect(secretsOf(loadConfig({ DATABASE_URL: 'postgresql://graft:graft@db/graft' }))).toEqual([])
})

it.each([
  [
    'readable lines into a terminal',
    true,
    'auto',
    /^\[\d\d:\d\d:\d\d\] .*INFO.* \(server\): .*Ready .*\{"runId":"r1"\}/,
  ],
  ['JSON into a terminal, where that is asked for', true, 'json', /^\{"level":"info",/],
  ['JSON anywhere else', false, 'auto', /^\{"level":"info",/],
] as const)('writes %s, without secrets', async (_, isTTY, format, shape) => {
  const folder = await mkdtemp(join(tmpdir(), 'graft-log-'))
  const file = await open(join(folder, 'log'), 'w')
  const options = { name: 'server', level: 'info', format, secrets: secretsOf(config) } as const
  const log = createLog(options, destinationOf({ isTTY, fd: file.fd }, format))
  log.info({ runId: 'r1' }, `Ready for ${TOKEN}.`)
  const [line = '', rest] = (await readFile(join(folder, 'log'), 'utf8')).split('\n')
  await file.close()
  await rm(folder, { recursive: true })
  // Colours are there or not, as the machine has it.
  expect(stripVTControlCharacters(line)).toMatch(shape)
  expect(line).toContain('[hidden]')
  expect(line).not.toContain(TOKEN)
  expect(rest).toBe('')
})
