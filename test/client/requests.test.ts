import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, it } from 'vitest'
import { createClient } from '../../client/client.js'
import { SystemDocument } from '../../client/documents.js'
import { ConnectionError, RefusedError, RequestError } from '../../client/errors.js'

interface Asked {
  path: string | undefined
  authorization: string | undefined
  body: { query: string; variables: unknown }
}

const open: (() => void)[] = []
afterEach(() => {
  for (const close of open.splice(0)) close()
})

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const part of request) text += String(part)
  return text
}

/** A server that answers every request with the same text and remembers what was asked. */
async function answering(text: string, status = 200): Promise<{ url: string; asked: Asked[] }> {
  const asked: Asked[] = []
  const server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      asked.push({
        path: request.url,
        authorization: request.headers.authorization,
        body: JSON.parse(body) as Asked['body'],
      })
      response.writeHead(status, { 'content-type': 'application/json' }).end(text)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  open.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`, asked }
}

const scores = [{ label: 'cat', probability: 1 }]
const prediction = { id: 'p', label: 'cat', confidence: 1, latencyMs: 3, scores }

it('asks /graphql, whether the address ends in it or not, and shows its token', async () => {
  const server = await answering(JSON.stringify({ data: { system: { version: '1' } } }))
  for (const url of [server.url, `${server.url}/`, `${server.url}/graphql`]) {
    await createClient({ url, token: 'sesame' }).request(SystemDocument)
  }
  expect(server.asked.map((asked) => [asked.path, asked.authorization])).toEqual(
    Array.from({ length: 3 }, () => ['/graphql', 'Bearer sesame']),
  )
})

it('sends the bytes of a picture as base64, however many there are', async () => {
  const server = await answering(JSON.stringify({ data: { classify: { __typename: 'ClassifySuccess', prediction } } }))
  const bytes = Uint8Array.from({ length: 100_003 }, (_, i) => (i * 7919) % 256)
  const answer = await createClient({ url: server.url }).classify(bytes, { alias: 'best' }, 3)
  expect(answer).toEqual(prediction)
  expect(server.asked[0]?.body.variables).toEqual({
    input: { image: { base64: Buffer.from(bytes).toString('base64') }, model: { alias: 'best' }, topK: 3 },
  })
})

it('throws a refusal by its name', async () => {
  const refusal = { __typename: 'UnreadableImage', message: 'Not a picture.' }
  const server = await answering(JSON.stringify({ data: { classify: refusal } }))
  const client = createClient({ url: server.url })
  const error = await client.classify(new Uint8Array(3), { alias: 'best' }).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(RefusedError)
  expect(error).toMatchObject({ refusal: 'UnreadableImage', message: 'Not a picture.' })
})

it('throws coded errors with their code, whatever the HTTP status', async () => {
  const errors = [{ message: 'Show a token.', extensions: { code: 'UNAUTHENTICATED' } }]
  const server = await answering(JSON.stringify({ errors }), 401)
  const error = await createClient({ url: server.url })
    .request(SystemDocument)
    .catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(RequestError)
  expect(error).toMatchObject({ code: 'UNAUTHENTICATED', message: 'Show a token.' })
})

it('says so when the answer is not GraphQL and when nobody answers', async () => {
  const server = await answering('<html>', 502)
  const ask = (url: string) => createClient({ url }).request(SystemDocument)
  await expect(ask(server.url)).rejects.toThrow('answered 502, not in GraphQL')
  await expect(ask('http://127.0.0.1:9')).rejects.toThrow(ConnectionError)
})
