import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it } from 'vitest'
import { parse } from 'yaml'
import { loadConfig } from '../../src/config/config.js'

interface Service {
  build?: { target: string }
  image?: string
  command?: string[]
  environment?: Record<string, string | number>
  depends_on?: Record<string, { condition: string }>
  profiles?: string[]
  restart?: string
  cap_drop?: string[]
  security_opt?: string[]
  healthcheck?: { test: unknown[] }
  volumes?: string[]
  deploy?: { resources: { limits?: { memory: string }; reservations?: { devices: unknown[] } } }
  read_only?: boolean
}
interface Compose {
  services: Record<string, Service>
  volumes: Record<string, unknown>
}

const root = new URL('../../', import.meta.url)
const compose = parse(await readFile(new URL('docker-compose.yml', root), 'utf8'), { merge: true }) as Compose
const ours = Object.entries(compose.services).filter(([name]) => name !== 'postgres')

/** What compose makes of `${NAME:-default}` and `${NAME:?reason}`. */
function filledIn(text: string, given: Record<string, string>): string {
  return text.replace(/\$\{(\w+)(?::([-?])([^}]*))?\}/g, (_, name: string, kind?: string, rest?: string) => {
    const value = given[name] ?? (kind === '-' ? rest : undefined)
    if (value === undefined) throw new Error(`${name} has no value`)
    return value
  })
}

it.each(ours)('starts %s from a process that the build makes, once Postgres is healthy', (_, service) => {
  const [node, script] = service.command ?? []
  expect(node).toBe('node')
  expect(script).toMatch(/^dist\/src\/\w+\.js$/)
  const source = (script ?? '').replace(/^dist\//, '').replace(/\.js$/, '.ts')
  expect(existsSync(new URL(source, root)), source).toBe(true)
  expect(service.depends_on?.['postgres']?.condition).toBe('service_healthy')
})

it.each(ours)('gives %s settings that a process accepts', (_, service) => {
  const given = { POSTGRES_PASSWORD: 'abc', GRAFT_TOKENS: 'me:admin:0123456789abcdef' }
  const environment = Object.fromEntries(
    Object.entries(service.environment ?? {}).map(([name, value]) => [name, filledIn(String(value), given)]),
  )
  const config = loadConfig({ ...environment, GRAFT_DATA_DIR: '/data' })
  expect(config.databaseUrl).toBe('postgresql://graft:abc@postgres:5432/graft')
  expect(config.importRoots).toEqual(['/pictures'])
})

it.each(Object.entries(compose.services))('checks the health of %s by words only, and restarts it', (_, service) => {
  const test = service.healthcheck?.test ?? []
  expect(test[0]).toBe('CMD')
  expect(test.every((word) => typeof word === 'string')).toBe(true)
  expect(service.restart).toBe('unless-stopped')
})

it.each(ours)('asks %s for its health where it listens', (_, service) => {
  const port = service.environment?.['GRAFT_TRAINER_PORT'] ?? service.environment?.['PORT']
  expect(service.healthcheck?.test.at(-1)).toContain(`http://127.0.0.1:${String(port)}/health/ready`)
})

it.each(ours)('tells %s by its exit code whether what it asks is ready', async (_, service) => {
  let status = 200
  const listener = createServer((_request, response) => response.writeHead(status).end()).listen(0, '127.0.0.1')
  await once(listener, 'listening')
  const { port } = listener.address() as AddressInfo
  const [, , ...words] = (service.healthcheck?.test ?? []).map(String)
  const check = async (): Promise<unknown> => {
    const asked = words.map((word) => word.replace(/127\.0\.0\.1:\d+/, `127.0.0.1:${String(port)}`))
    return (await once(spawn(process.execPath, asked), 'exit'))[0]
  }
  expect(await check()).toBe(0)
  status = 503
  expect(await check()).toBe(1)
  listener.closeAllConnections()
  listener.close()
  await once(listener, 'close')
  expect(await check()).toBe(1)
})

it.each(ours)('lets %s write to its volume and memory only, without rights, and bounds its memory', (_, service) => {
  expect(service).toMatchObject({ read_only: true, cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'] })
  expect(service.deploy?.resources.limits?.memory).toBeDefined()
})

it('runs images as a numbered user that is not root', async () => {
  const dockerfile = await readFile(new URL('Dockerfile', root), 'utf8')
  expect(dockerfile).toMatch(/AS graft$[^]*?^USER [1-9]\d*:[1-9]\d*$/m)
})

it('keeps secrets out of the file: it does not start without them', () => {
  for (const name of ['POSTGRES_PASSWORD', 'GRAFT_TOKENS']) {
    const values = Object.values(compose.services).flatMap(({ environment = {} }) => Object.values(environment))
    const using = values.map(String).filter((value) => value.includes(name))
    expect(using.length).toBeGreaterThan(0)
    for (const value of using) expect(() => filledIn(value, {})).toThrow(name)
  }
})

it('reserves GPUs for a trainer of the gpu profile only', () => {
  const reserving = ours.filter(([, service]) => service.deploy?.resources.reservations !== undefined)
  expect(reserving.map(([name, service]) => [name, service.profiles])).toEqual([['trainer-gpu', ['gpu']]])
})

it('builds every image from a stage of the Dockerfile, the GPU trainer from its own', async () => {
  const dockerfile = await readFile(new URL('Dockerfile', root), 'utf8')
  const stages = [...dockerfile.matchAll(/^FROM \S+ AS (\S+)$/gm)].map(([, stage]) => stage)
  for (const [name, service] of ours) expect(stages, name).toContain(service.build?.target)
  const { build, image } = compose.services['trainer-gpu'] ?? {}
  expect(build?.target).toBe('graft-gpu')
  // Two targets under one name would overwrite each other.
  expect(ours.filter(([, service]) => service.image === image).map(([name]) => name)).toEqual(['trainer-gpu'])
  expect(dockerfile).toContain('node dist/src/tensorflow.js --gpu')
})

it('names every volume that a service mounts', () => {
  const mounted = Object.values(compose.services).flatMap((service) => service.volumes ?? [])
  const named = mounted.map((volume) => volume.split(':')[0] ?? '').filter((source) => /^\w+$/.test(source))
  expect(new Set(named)).toEqual(new Set(Object.keys(compose.volumes)))
})

it('leaves the file of secrets out of the image', async () => {
  expect((await readFile(new URL('.dockerignore', root), 'utf8')).split('\n')).toContain('.env')
})
