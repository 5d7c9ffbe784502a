import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import fastifyStatic from '@fastify/static'
import { fastify, type FastifyInstance } from 'fastify'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  classifyExample,
  examplePicture,
  layOutExport,
  readScores,
  seedExportable,
} from '../checkpoints/export-pages.js'
import { createTestServer, type TestServer } from '../server/server.js'
import { expectAccessible, expectNoSidewaysScroll, openBrowser, openPage } from './browser.js'

/** As the page says it. */
const RUNTIME = 'onnxruntime-web'
let server: TestServer
let browser: Browser
let folder: string
let files: FastifyInstance
let checkpointId: string

beforeAll(async () => {
  ;[server, browser] = await Promise.all([createTestServer(), openBrowser()])
  folder = await mkdtemp(join(tmpdir(), 'graft-export-browser-'))
  files = fastify()
  await files.register(fastifyStatic, { root: folder })
  files.get('/favicon.ico', (_request, reply) => reply.code(204).send())
  await files.listen({ host: '127.0.0.1', port: 0 })
  checkpointId = await seedExportable(server)
})

afterAll(async () => {
  await browser.close()
  await files.close()
  await server.close()
  await rm(folder, { recursive: true })
})

async function layOut(format: string) {
  const own = join(folder, format)
  await mkdir(own)
  const { port } = files.server.address() as AddressInfo
  const laidOut = await layOutExport(server, { checkpointId, format, folder: own })
  return { own, ...laidOut, url: `http://127.0.0.1:${String(port)}/${format}/index.html` }
}

describe('The page of an export', () => {
  it.each([1440, 390])('has nothing that axe finds and nothing wider than the window, at %i px', async (width) => {
    const { pageUrl } = await layOutExport(server, { checkpointId, format: 'ONNX', folder })
    const { page, errors } = await openPage(browser, { width })
    await page.goto(pageUrl)
    await page.getByRole('heading', { level: 1 }).waitFor()
    await expectAccessible(page)
    await expectNoSidewaysScroll(page)
    expect(errors).toEqual([])
  })

  it('shows a page that says of a picture what classify says, in a browser', async () => {
    const { own, url } = await layOut('ONNX')
    const flags = ['--no-audit', '--no-fund', '--ignore-scripts', '--no-save']
    await promisify(execFile)('npm', ['install', ...flags, RUNTIME], { cwd: own })
    const { page, errors } = await openPage(browser)
    await page.goto(url)
    await page.locator('input').setInputFiles({
      ...{ name: 'picture.png', mimeType: 'image/png', buffer: await examplePicture() },
    })
    await expect.poll(() => page.locator('pre').textContent()).toMatch(/\d/)
    const scores = readScores((await page.locator('pre').textContent()) ?? '')
    const expected = await classifyExample(server, checkpointId)
    expect(new Set(scores.keys())).toEqual(new Set(expected.keys()))
    // A browser scales pictures a little differently.
    for (const [label, probability] of expected)
      expect(Math.abs((scores.get(label) ?? NaN) - probability)).toBeLessThan(0.05)
    expect(errors).toEqual([])
  })

  it('shows a page that reads the tensors of safetensors', async () => {
    const { url } = await layOut('SAFETENSORS')
    const { page, errors } = await openPage(browser)
    await page.goto(url)
    await expect.poll(() => page.locator('pre').textContent()).toContain('labels: cat, dog')
    expect(await page.locator('pre').textContent()).toMatch(/conv1\.weight: \[64, 3, 7, 7\], .* 9408 values is -?0\.\d/)
    expect(errors).toEqual([])
  })
})
