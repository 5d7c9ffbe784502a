import { rm, writeFile } from 'node:fs/promises'
import Fastify, { type FastifyInstance } from 'fastify'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { projectFile } from '../../src/config/project-root.js'
import { serveStudio } from '../../src/server.studio.js'

let app: FastifyInstance
const later = `built-later.${String(process.pid)}.js`

beforeAll(async () => {
  app = Fastify()
  await serveStudio(app)
  await app.ready()
})

afterAll(async () => {
  await rm(projectFile('studio', 'dist', later), { force: true })
  await app.close()
})

it('serves what a build made after the server started', async () => {
  expect((await app.inject(`/${later}`)).statusCode).toBe(404)
  await writeFile(projectFile('studio', 'dist', later), 'export {}')
  const answer = await app.inject(`/${later}`)
  expect(answer.statusCode).toBe(200)
  expect(answer.headers['cache-control']).toContain('immutable')
})

it('answers an address of its own with the page, and any other with nothing', async () => {
  const headers = { accept: 'text/html' }
  for (const url of ['/', '/runs/1']) {
    const answer = await app.inject({ url, headers })
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8'])
    expect(answer.headers['cache-control']).toContain('max-age=0')
  }
  expect((await app.inject('/runs/1')).statusCode).toBe(404)
  expect((await app.inject({ url: '/..%2f..%2fpackage.json', headers })).body).not.toContain('"name"')
})
