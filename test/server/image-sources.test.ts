import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isPublicAddress } from '../../src/datasets/address.policy.js'
import { createImageFetch } from '../../src/datasets/image-fetch.js'
import { picture } from '../datasets/pictures.js'
import { createTestServer, type Answer, type TestServer } from './server.js'

const ADD = `mutation($input: AddImageInput!) { addImage(input: $input) {
  __typename
  ... on AddImageSuccess { image { id sha256 byteSize } }
  ... on Error { message }
  ... on UnreadableImage { reason }
} }`

interface Added {
  addImage: { __typename: string; image?: { sha256: string; byteSize: number }; reason?: string }
}

let web: Server
let port: number
let server: TestServer
let guarded: TestServer
let datasetId: string
let png: Buffer
const allowsAddress = (address: string): boolean => ['127.0.0.1', '::1'].includes(address)

beforeAll(async () => {
  png = await picture(31, 40)
  web = createServer((request, response) => {
    const [, path = '', rest = ''] = (request.url ?? '').split('/')
    if (path === 'png') response.end(png)
    else if (path === 'hops') {
      const left = Number(rest)
      response.writeHead(302, { location: left === 0 ? '/png' : `/hops/${String(left - 1)}` }).end()
    } else if (path === 'away') response.writeHead(302, { location: `http://10.0.0.1:${String(port)}/png` }).end()
    else if (path === 'file') response.writeHead(302, { location: 'file:///etc/passwd' }).end()
    else if (path === 'endless') {
      const chunk = Buffer.alloc(50_000)
      const more = (): void => {
        if (response.write(chunk)) setImmediate(more)
        else response.once('drain', more)
      }
      response.once('close', () => response.removeListener('drain', more))
      more()
    } else if (path === 'text') response.end('<html></html>')
    else response.writeHead(404).end()
  })
  await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve))
  port = (web.address() as AddressInfo).port
  const env = { GRAFT_MAX_IMAGE_BYTES: '200000', GRAFT_IMAGE_URL_PORTS: `80,443,${String(port)}` }
  server = await createTestServer(env, { allowsAddress })
  guarded = await createTestServer({ GRAFT_TOKENS: 'phone:classify:classify-secret-0123456789' })
  const { data } = await server.ask<{ createDataset: { dataset: { id: string } } }>(
    'mutation { createDataset(input: { name: "sources" }) { ... on CreateDatasetSuccess { dataset { id } } } }',
  )
  datasetId = data?.createDataset.dataset.id ?? ''
})
afterAll(async () => {
  await server.close()
  await guarded.close()
  await new Promise((resolve) => {
    web.closeAllConnections()
    web.close(resolve)
  })
})

async function add(image: object): Promise<Added['addImage'] | undefined> {
  const answer = await server.ask<Added>(ADD, { input: { datasetId, label: 'cat', image } })
  expect(answer.errors).toBeUndefined()
  return answer.data?.addImage
}

function form(files: Record<string, Buffer>, operations: object, map: Record<string, string[]>): FormData {
  const body = new FormData()
  body.set('operations', JSON.stringify(operations))
  body.set('map', JSON.stringify(map))
  for (const [name, bytes] of Object.entries(files)) body.set(name, new Blob([new Uint8Array(bytes)]), `${name}.png`)
  return body
}

async function send(
  body: FormData,
  headers: Record<string, string> = { 'apollo-require-preflight': '1' },
  to = server,
) {
  const response = await fetch(`${to.url}/graphql`, { method: 'POST', headers, body })
  return { status: response.status, ...((await response.json()) as Answer<Added>) }
}

function addForm(bytes: Buffer, query = ADD): FormData {
  const variables = { input: { datasetId, label: 'cat', image: { file: null } } }
  return form({ a: bytes }, { query, variables }, { a: ['variables.input.image.file'] })
}

describe('a picture as a file of the request', () => {
  it('is taken, in a variable of its own or deep in one', async () => {
    const { data } = await send(addForm(png))
    expect(data?.addImage).toMatchObject({ __typename: 'AddImageSuccess', image: { byteSize: png.length } })
    const query = `mutation($dataset: ID!, $file: Upload!) {
      addImage(input: { datasetId: $dataset, label: "cat", image: { file: $file } }) { __typename } }`
    const variables = { dataset: datasetId, file: null }
    const own = await send(form({ a: png }, { query, variables }, { a: ['variables.file'] }))
    expect(own.data?.addImage.__typename).toBe('AddImageSuccess')
  })

  it('may have more bytes than the text of a request, but not more than a picture', async () => {
    expect((await send(addForm(Buffer.alloc(150_000)))).data?.addImage.__typename).toBe('UnreadableImage')
    expect((await send(addForm(Buffer.alloc(200_001)))).data?.addImage.__typename).toBe('ImageTooLarge')
  })

  it('is refused unread without the header that other pages cannot send, without a token, or in a request too large', async () => {
    expect(await send(addForm(png), {})).toMatchObject({
      status: 400,
      errors: [{ extensions: { code: 'BAD_USER_INPUT' } }],
    })
    const bearer = { authorization: 'Bearer wrong-secret-0123456789', 'apollo-require-preflight': '1' }
    expect((await send(addForm(png), bearer, guarded)).status).toBe(401)
    const unread = (headers: string) =>
      new Promise<string>((resolve, reject) => {
        const socket = connect(Number(new URL(server.url).port), '127.0.0.1', () => {
          const host = `host: ${new URL(server.url).host}`
          socket.write(
            `POST /graphql HTTP/1.1\r\n${host}\r\ncontent-type: multipart/form-data; boundary=x\r\n${headers}\r\n\r\n`,
          )
        })
        socket.once('data', (data) => {
          socket.destroy()
          resolve(data.toString().slice(9, 12))
        })
        socket.once('error', reject)
      })
    expect(await unread('content-length: 1000')).toBe('400')
    expect(await unread('content-length: 40000001\r\napollo-require-preflight: 1')).toBe('413')
    expect(await unread('transfer-encoding: chunked\r\napollo-require-preflight: 1')).toBe('411')
  })

  it('is nothing else than a file, and nothing beside another source', async () => {
    for (const image of [{ file: 'text' }, { file: null }, { file: {} }]) {
      const { errors } = await server.ask(ADD, { input: { datasetId, label: 'cat', image } })
      expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT')
    }
    const literal =
      'mutation { addImage(input: { datasetId: "x", label: "cat", image: { file: "x" } }) { __typename } }'
    expect((await server.ask(literal)).errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT')
    const variables = { input: { datasetId, label: 'cat', image: { file: null, base64: 'AAAA' } } }
    const two = await send(form({ a: png }, { query: ADD, variables }, { a: ['variables.input.image.file'] }))
    expect(two.errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT')
    const missing = form({}, { query: ADD, variables }, { a: ['variables.input.image.file'] })
    expect((await send(missing)).errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT')
    const batch = form({ a: png }, [{ query: ADD, variables }], { a: ['0.variables.input.image.file'] })
    expect((await send(batch)).errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT')
  })

  it('that never comes is unreadable', async () => {
    const variables = { input: { datasetId, label: 'cat', image: { file: null } } }
    const { data } = await send(form({}, { query: ADD, variables }, { a: ['variables.input.image.file'] }))
    expect(data?.addImage.__typename).toBe('UnreadableImage')
  })
})

describe('a picture by its address', () => {
  const at = (path: string): string => `http://localhost:${String(port)}/${path}`

  it('is fetched, by name or number, along up to five redirects', async () => {
    for (const url of [at('png'), `http://127.0.0.1:${String(port)}/png`, at('hops/4')])
      expect(await add({ url })).toMatchObject({ __typename: 'AddImageSuccess', image: { byteSize: png.length } })
    expect(await add({ url: at('hops/5') })).toMatchObject({ reason: expect.stringContaining('5 times') as unknown })
  })

  it.each([
    ['that answers no picture', () => at('text'), 'not a JPEG'],
    ['that answers an error', () => at('missing'), 'answers 404'],
    ['that redirects to a private one', () => at('away'), 'Only public addresses'],
    ['that redirects to a file', () => at('file'), 'no http or https'],
    ['of a file', () => 'file:///etc/passwd', 'no http or https'],
    ['that is none', () => 'cat', 'no http or https'],
    ['with a password', () => `http://a:b@localhost:${String(port)}/png`, 'user name or password'],
    ['at another port', () => 'http://localhost:22/', 'Only these ports'],
    ['of a private number', () => 'http://192.168.0.1/cat.png', 'Only public addresses'],
    ['of a number written oddly', () => 'http://0x0a000001/cat.png', 'Only public addresses'],
    ['of an IPv4 address in IPv6', () => 'http://[::ffff:127.0.0.1]/cat.png', 'Only public addresses'],
    ['that nobody has', () => 'http://nobody.invalid/cat.png', 'cannot be reached'],
  ])('is UnreadableImage where it is one %s', async (_, url, reason) => {
    expect(await add({ url: url() })).toMatchObject({
      __typename: 'UnreadableImage',
      reason: expect.stringContaining(reason) as unknown,
    })
  })

  it('is given up when it has more bytes than a picture may have', async () => {
    expect((await add({ url: at('endless') }))?.__typename).toBe('ImageTooLarge')
  })

  it('is never fetched from this machine where nothing was injected', async () => {
    const fetchImage = createImageFetch({ allowsAddress: isPublicAddress, ports: [port], maxImageBytes: 1e6 })
    for (const host of ['localhost', '127.0.0.1', '[::1]'])
      await expect(fetchImage(`http://${host}:${String(port)}/png`)).rejects.toThrow('Only public addresses')
  })
})

describe('public addresses', () => {
  it('are those that the whole network reaches', () => {
    const open = ['8.8.8.8', '93.184.215.14', '2606:4700::1111', '2a00:1450::1']
    expect(open.filter((address) => !isPublicAddress(address))).toEqual([])
    const closed = [
      ...['10.0.0.1', '172.16.0.1', '192.168.1.1', '127.0.0.1', '0.0.0.0', '169.254.169.254', '100.64.0.1'],
      ...['100.100.100.200', '192.0.0.192', '198.18.0.1', '224.0.0.1', '240.0.0.1', '255.255.255.255', '168.63.129.16'],
      ...['::', '::1', 'fe80::1', 'fe80::1%eth0', 'fc00::1', 'fd00:ec2::254', 'ff02::1', 'fec0::1', '4000::1'],
      ...[
        '::ffff:8.8.8.8',
        '::8.8.8.8',
        '64:ff9b::808:808',
        '64:ff9b:1::1',
        '2002:808:808::1',
        '2001::1',
        '2001:db8::1',
      ],
      ...['localhost', ''],
    ]
    expect(closed.filter(isPublicAddress)).toEqual([])
  })
})
