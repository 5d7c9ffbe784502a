import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { createTrunkSource, type TrunkSource } from '../../src/compute/trunk-source.js'
import type { TrunkWeights } from '../../src/config/trunk-weights.setting.js'
import { randomTrunk } from '../../src/network/random.trunk.js'
import { writeSafetensors } from '../../src/network/safetensors.js'
import type { BlobStore } from '../../src/storage/blob-store.js'
import { createFileStore } from '../../src/storage/file-store.js'

const trunk = randomTrunk()
let directory: string
let storage: BlobStore
let path: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'graft-trunks-'))
  storage = await createFileStore(join(directory, 'blobs'))
  path = join(directory, 'weights.safetensors')
  return () => rm(directory, { recursive: true })
})

const source = (weights: TrunkWeights): TrunkSource => createTrunkSource({ storage, weights, directory })

describe('a trunk source', () => {
  it('puts the configured weights into storage under the sha256 of their tensors', async () => {
    await writeFile(path, writeSafetensors(trunk, { comment: 'not part of the tensors' }))
    const fromFile = await source({ kind: 'file', path }).configured()
    expect(fromFile).toMatchObject({ name: 'weights.safetensors', pretrained: true })
    const random = await source({ kind: 'random' }).configured()
    expect(random).toEqual({ sha256: fromFile.sha256, name: 'random', pretrained: false })
    expect(await storage.stat(random.sha256)).not.toBeNull()
  })

  it('brings a trunk that storage lost back from the same weights', async () => {
    const random = source({ kind: 'random' })
    const { sha256 } = await random.configured()
    await storage.delete(sha256)
    expect((await random.load(sha256)).get('conv1.weight')).toEqual(trunk.get('conv1.weight'))
  })

  it('never takes other weights for a trunk that is lost', async () => {
    const random = source({ kind: 'random' })
    await expect(random.load('a'.repeat(64))).rejects.toMatchObject({ code: 'WEIGHTS_UNAVAILABLE' })
  })

  it('says of a lost trunk whose weights are out of reach that these are, why, and how to go on', async () => {
    const server = createServer((_, response) => response.writeHead(403).end())
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    try {
      const url = `http://127.0.0.1:${String(port)}/own.safetensors`
      await expect(source({ kind: 'remote', url }).load('a'.repeat(64))).rejects.toMatchObject({
        code: 'WEIGHTS_UNAVAILABLE',
        message: expect.stringMatching(/aaaa.*not to be had.*own\.safetensors.*403/) as string,
        suggestion: { text: expect.stringContaining('that the run began with') as string },
        cause: { name: 'RunError', cause: { name: 'WeightsUnavailableError' } },
      })
    } finally {
      server.close()
    }
  })

  it('does not take a failing storage for weights that are out of reach', async () => {
    const full = new Error('no room')
    const failing: BlobStore = {
      ...storage,
      read: (sha256) => storage.read(sha256),
      stat: (sha256) => storage.stat(sha256),
      put: () => Promise.reject(full),
    }
    const random = createTrunkSource({ storage: failing, weights: { kind: 'random' }, directory })
    await expect(random.load('a'.repeat(64))).rejects.toBe(full)
  })

  it.each([
    ['weights that lack a tensor', () => writeSafetensors(new Map([...trunk].slice(1))), 'missing: conv1.weight'],
    ['a file that is no safetensors', () => Buffer.from('PK'), 'Not a sound safetensors file'],
  ])('says what is wrong with %s, and what to set', async (_, bytes, reason) => {
    await writeFile(path, bytes())
    const failing = source({ kind: 'file', path }).configured()
    await expect(failing).rejects.toMatchObject({
      code: 'WEIGHTS_UNAVAILABLE',
      message: expect.stringContaining(reason) as string,
      suggestion: { text: expect.stringContaining('GRAFT_TRUNK_WEIGHTS') as string },
    })
  })

  it('says so where the file is missing', async () => {
    const failing = source({ kind: 'file', path }).configured()
    await expect(failing).rejects.toMatchObject({ code: 'WEIGHTS_UNAVAILABLE' })
  })

  it('fetches weights from an address and names them after the file', async () => {
    const file = writeSafetensors(trunk)
    const server = createServer((_, response) => response.end(file))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    try {
      const url = `http://127.0.0.1:${String(port)}/own.safetensors`
      const fetched = await source({ kind: 'remote', url }).configured()
      const random = await source({ kind: 'random' }).configured()
      expect(fetched).toEqual({ sha256: random.sha256, name: 'own.safetensors', pretrained: true })
    } finally {
      server.close()
    }
  })
})
