import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { unreachableBecause, unreadableBecause } from '../../src/weights/reach.js'

describe('Looking for weights', () => {
  let server: Server
  let status: number | null
  let asked: (string | undefined)[]
  let directory: string
  let url: string

  beforeEach(async () => {
    asked = []
    server = createServer((request, response) => {
      asked.push(request.headers.range)
      if (status !== null) response.writeHead(status).end('P')
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/own.pth?secret=42`
    directory = await mkdtemp(join(tmpdir(), 'graft-reach-'))
  })
  afterEach(async () => {
    server.closeAllConnections()
    server.close()
    await rm(directory, { recursive: true, force: true })
  })

  it.each([200, 206])('finds nothing wrong where the server gives a byte of them (%i)', async (good) => {
    status = good
    expect(await unreachableBecause({ url, directory })).toBeNull()
    expect(asked).toEqual(['bytes=0-0'])
  })

  it('asks nobody where they were fetched before', async () => {
    await writeFile(join(directory, 'own.pth'), 'P')
    expect(await unreachableBecause({ url, directory })).toBeNull()
    expect(asked).toEqual([])
  })

  it('says that the server refuses them, without what the address may keep secret', async () => {
    status = 403
    const reason = await unreachableBecause({ url, directory })
    expect(reason).toMatch(/own\.pth is out of reach: the server answered 403/)
    expect(reason).not.toContain('42')
  })

  it('does not wait for a server that never answers, nor for one that is not there', async () => {
    status = null
    expect(await unreachableBecause({ url, directory, timeoutMs: 50 })).toMatch(/out of reach: .*timeout/)
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
    expect(await unreachableBecause({ url, directory })).toMatch(/out of reach: .*ECONNREFUSED/)
  })

  it('says of a file whether it is there', async () => {
    const path = join(directory, 'own.pth')
    expect(await unreadableBecause(path)).toMatch(/own\.pth cannot be read: ENOENT/)
    await writeFile(path, 'P')
    expect(await unreadableBecause(path)).toBeNull()
  })
})
