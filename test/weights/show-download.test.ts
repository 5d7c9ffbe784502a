import { PassThrough } from 'node:stream'
import { expect, it } from 'vitest'
import { showDownload } from '../../src/weights/show-download.js'

/** What a terminal, or a file in its place, gets to see. */
function screen({ isTTY }: { isTTY: boolean }): { stream: NodeJS.WriteStream; text: () => string } {
  let text = ''
  const stream = Object.assign(new PassThrough(), { isTTY, columns: 120, cursorTo: () => true, clearLine: () => true })
  stream.on('data', (chunk: Buffer) => (text += chunk.toString()))
  return { stream: stream as unknown as NodeJS.WriteStream, text: () => text }
}

it('draws a bar that ends full, on a terminal', () => {
  const { stream, text } = screen({ isTTY: true })
  const show = showDownload(stream, () => expect.unreachable())
  for (let received = 0; received <= 100e6; received += 5e6) show(received, 100e6)
  expect(text()).toContain('0 of 100 MB')
  expect(text()).toContain('100 of 100 MB')
})

it('says each tenth once, elsewhere', () => {
  const { stream, text } = screen({ isTTY: false })
  const said: number[] = []
  const show = showDownload(stream, ({ received }) => said.push(received / 1e6))
  for (let received = 1e6; received <= 100e6; received += 1e6) show(received, 100e6)
  expect(said).toEqual([1, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100])
  expect(text()).toBe('')
})

it('says every ten megabytes where the server does not tell how many there are', () => {
  const said: (number | null)[] = []
  const show = showDownload(screen({ isTTY: false }).stream, ({ total }) => said.push(total))
  for (let received = 1e6; received <= 25e6; received += 1e6) show(received, null)
  expect(said).toEqual([null, null, null])
})
