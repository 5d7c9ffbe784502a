import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { exportPage } from '../../src/checkpoints/export/export.page.js'
import { createTestServer, type TestServer } from '../server/server.js'
import { classifyExample, examplePicture, layOutExport, readScores, seedExportable } from './export-pages.js'

/** With torch, torchvision, safetensors, onnxruntime, numpy and pillow. */
const PYTHON = process.env['GRAFT_TEST_PYTHON']
let server: TestServer
let folder: string
let checkpointId: string

beforeAll(async () => {
  server = await createTestServer()
  folder = await mkdtemp(join(tmpdir(), 'graft-export-page-'))
  checkpointId = await seedExportable(server)
})

afterAll(async () => {
  await server.close()
  await rm(folder, { recursive: true })
})

async function layOut(format: string) {
  const own = join(folder, format)
  await mkdir(own, { recursive: true })
  return { own, ...(await layOutExport(server, { checkpointId, format, folder: own })) }
}

describe('The page of an export', () => {
  it('is as good as the address of the file, loads nothing and runs nothing', async () => {
    const { pageUrl, html, programs } = await layOut('ONNX')
    const answer = await fetch(pageUrl)
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8')
    const policy = answer.headers.get('content-security-policy') ?? ''
    expect(policy).toMatch(/^default-src 'none'; style-src 'sha256-[\w+/]+={0,2}'; frame-ancestors 'none'/)
    expect(policy).not.toMatch(/script|unsafe|https?:/)
    expect(html).not.toMatch(/<script|src=|https?:\/\/(?!127)/)
    expect([...programs.keys()]).toEqual(['classify.py', 'index.html'])
    const [, href = ''] = /href="([^"]+)"/.exec(html) ?? []
    expect((await fetch(new URL(href, pageUrl), { method: 'HEAD' })).status).toBe(200)

    const token = pageUrl.split('/').at(-2) ?? ''
    const { prisma } = server.database
    await prisma.export.update({ where: { token }, data: { expiresAt: new Date(Date.now() - 1) } })
    expect((await fetch(pageUrl)).status).toBe(404)
    expect((await fetch(pageUrl.replace(token, 'nothing'))).status).toBe(404)
  })

  it('lets no label out of its place', () => {
    const label = `</code><script>alert("'1'")</script>`
    const facts = { fileName: 'a-epoch-1.onnx', format: 'ONNX' as const, imageSize: 64, labels: ['cat', label] }
    const html = exportPage({
      ...{ ...facts, sha256: '0'.repeat(64), byteSize: 1, expiresAt: new Date(), href: '../x' },
    })
    expect(html).not.toContain('<script')
    expect(html.match(/<\/code>/g)).toHaveLength(html.match(/<code[ >]/g)?.length ?? 0)
    expect(html).toContain('\\u003c/code>'.replace('>', '&gt;'))
  })

  const where = PYTHON === undefined ? ' (skipped: GRAFT_TEST_PYTHON names no Python with torch and onnxruntime)' : ''
  it.skipIf(PYTHON === undefined).each(['SAFETENSORS', 'ONNX'])(
    `shows a Python program that says of a picture what classify says, from %s${where}`,
    async (format) => {
      const { own } = await layOut(format)
      await writeFile(join(own, 'picture.png'), await examplePicture())
      const { stdout } = await promisify(execFile)(PYTHON ?? '', ['classify.py', 'picture.png'], { cwd: own })
      const scores = readScores(stdout)
      const expected = await classifyExample(server, checkpointId)
      expect(new Set(scores.keys())).toEqual(new Set(expected.keys()))
      for (const [label, probability] of expected) expect(scores.get(label)).toBeCloseTo(probability, 3)
    },
  )
})
