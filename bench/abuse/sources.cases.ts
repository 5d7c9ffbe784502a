/** Addresses that lead into our own network, and archives that lead out of their folder or never end. */
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { askData } from '../api/requests.js'
import type { AbuseCase } from './abuse.case.js'
import { rawTar, rawZip, type RawEntry } from './raw-archives.js'

const NOT_PUBLIC = 'Only public addresses are fetched.'
const NOT_HTTP = 'It is no http or https address.'
const NO_PASSWORD = 'An address with a user name or password is not fetched.'
const OTHER_PORT = 'Only these ports are fetched from: 80, 443.'

const ADDRESSES: readonly (readonly [address: string, reason: string])[] = [
  ['file:///etc/passwd', NOT_HTTP],
  ['data:image/png;base64,AAAA', NOT_HTTP],
  ['gopher://127.0.0.1:5432/x', NOT_HTTP],
  ['cat', NOT_HTTP],
  ['http://127.0.0.1/cat.png', NOT_PUBLIC],
  ['http://127.1/cat.png', NOT_PUBLIC],
  ['http://2130706433/cat.png', NOT_PUBLIC],
  ['http://0177.0.0.1/cat.png', NOT_PUBLIC],
  ['http://0x7f000001/cat.png', NOT_PUBLIC],
  ['http://①②⑦.⓪.⓪.①/cat.png', NOT_PUBLIC],
  ['http://localhost/cat.png', NOT_PUBLIC],
  ['http://0/cat.png', NOT_PUBLIC],
  ['http://[::1]/cat.png', NOT_PUBLIC],
  ['http://[::ffff:127.0.0.1]/cat.png', NOT_PUBLIC],
  ['http://[64:ff9b::7f00:1]/cat.png', NOT_PUBLIC],
  ['http://[fe80::1]/cat.png', NOT_PUBLIC],
  ['http://10.0.0.1/cat.png', NOT_PUBLIC],
  ['http://192.168.0.1/cat.png', NOT_PUBLIC],
  ['http://169.254.169.254/latest/meta-data/', NOT_PUBLIC],
  ['http://168.63.129.16/cat.png', NOT_PUBLIC],
  ['http://a:b@127.0.0.1/cat.png', NO_PASSWORD],
  ['http://127.0.0.1:22/', OTHER_PORT],
  ['http://127.0.0.1:5432/', OTHER_PORT],
]

const PICTURE = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)
const GOOD = { name: 'cat/good.png', content: PICTURE }
const entry = (name: string, more: Partial<RawEntry> = {}): RawEntry => ({ name, content: PICTURE, ...more })
const linked = (type: 'SymbolicLink' | 'Link') => rawTar([GOOD, { name: 'cat/1.png', type, linkpath: '/etc/passwd' }])
const OVERLAPPING = Array.from({ length: 900 }, (_, i) => entry(`cat/${String(i)}`, { sharesFirst: i > 0 }))

const ONE_REJECTED = 'SUCCEEDED: 1 added, 1 rejected'

/** What its import came to. */
const ARCHIVES: readonly (readonly [name: string, bytes: () => Buffer, end: string])[] = [
  ['whose entry climbs out', () => rawZip([GOOD, entry('../../cat/1.png')]), ONE_REJECTED],
  ['whose entry is absolute', () => rawZip([GOOD, entry('/etc/cat/1.png')]), ONE_REJECTED],
  ['whose entry is on a drive', () => rawZip([GOOD, entry('C:/cat/1.png')]), ONE_REJECTED],
  ['whose entry is a link', () => rawZip([GOOD, entry('cat/1.png', { mode: 0o120777 })]), ONE_REJECTED],
  ['whose entry is a device', () => rawZip([GOOD, entry('cat/1.png', { mode: 0o020666 })]), ONE_REJECTED],
  ['of a symbolic link', () => linked('SymbolicLink'), ONE_REJECTED],
  ['of a hard link', () => linked('Link'), ONE_REJECTED],
  [
    'that says it is a gigabyte and a half',
    () => rawZip([entry('cat/1.png', { content: Buffer.alloc(1000), saidSize: 1_500_000_000 })]),
    'FAILED',
  ],
  ['whose entries share bytes', () => rawZip(OVERLAPPING), 'FAILED'],
  ['of zeros', () => gzipSync(rawTar([{ name: 'cat/1.png', content: Buffer.alloc(60_000_000) }])), 'FAILED'],
  ['within another', () => gzipSync(gzipSync(rawTar([{ name: 'cat/1.png', content: PICTURE }]))), 'FAILED'],
  ['of nothing', () => rawZip([]), 'FAILED'],
  ['that is none', () => Buffer.from('hello'), 'FAILED'],
]

/** A trainer works an archive off, and looks for work twice a second. */
const ARCHIVE_LIMIT_MS = 10_000

export const SOURCES: readonly AbuseCase[] = [
  ...ADDRESSES.map(([address, answer]) => ({
    name: `a picture at ${address}`,
    answer,
    send: ({ url }: { url: string }) => reasonOf(`${url}/graphql`, address),
  })),
  ...ARCHIVES.map(([name, bytes, answer]) => ({
    name: `an archive ${name}`,
    ...{ answer, limitMs: ARCHIVE_LIMIT_MS },
    send: ({ url }: { url: string }) => endOfImport(url, bytes()),
  })),
]

const CREATE = `mutation($name: String!) {
  createDataset(input: { name: $name }) { ... on CreateDatasetSuccess { dataset { id } } }
}`
const ADD = `mutation($datasetId: ID!, $url: String!) {
  addImage(input: { datasetId: $datasetId, label: "cat", image: { url: $url } }) {
    __typename ... on UnreadableImage { reason }
  }
}`
const UPLOAD = `mutation($byteSize: BigInt!) {
  createUpload(input: { fileName: "pets.zip", byteSize: $byteSize }) { ... on CreateUploadSuccess { upload { id url } } }
}`
const IMPORT = `mutation($datasetId: ID!, $uploadId: ID!) {
  importImages(input: { datasetId: $datasetId, source: { uploadId: $uploadId } }) {
    ... on ImportImagesSuccess { import { id } }
  }
}`
const STATE = 'query($id: ID!) { node(id: $id) { ... on ImageImport { state added rejectedCount } } }'

interface Identified {
  readonly id: string
}

async function newDataset(url: string): Promise<string> {
  const variables = { name: `abuse ${randomUUID()}` }
  const created = await askData<{ createDataset: { dataset: Identified } }>(url, { query: CREATE, variables })
  return created.createDataset.dataset.id
}

async function reasonOf(url: string, address: string): Promise<string> {
  const variables = { datasetId: await newDataset(url), url: address }
  const { addImage } = await askData<{ addImage: { __typename: string; reason?: string } }>(url, {
    query: ADD,
    variables,
  })
  return addImage.reason ?? addImage.__typename
}

async function endOfImport(server: string, bytes: Buffer): Promise<string> {
  const url = `${server}/graphql`
  const datasetId = await newDataset(url)
  const { createUpload } = await askData<{ createUpload: { upload: Identified & { url: string } } }>(url, {
    query: UPLOAD,
    variables: { byteSize: bytes.length },
  })
  await fetch(new URL(createUpload.upload.url, server), { method: 'PUT', body: new Uint8Array(bytes) })
  const { importImages } = await askData<{ importImages: { import: Identified } }>(url, {
    query: IMPORT,
    variables: { datasetId, uploadId: createUpload.upload.id },
  })
  for (;;) {
    const { node } = await askData<{ node: { state: string; added: number; rejectedCount: number } }>(url, {
      query: STATE,
      variables: { id: importImages.import.id },
    })
    if (node.state === 'FAILED') return node.state
    if (node.state === 'SUCCEEDED')
      return `SUCCEEDED: ${String(node.added)} added, ${String(node.rejectedCount)} rejected`
    await sleep(50)
  }
}
