import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { cp, mkdtemp, rm, statfs, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { TrainingRun } from '../../src/database/generated/client.js'
import { createTestServer } from '../server/server.js'
import { openWorkshop, type Workshop } from '../trainer/fixture.js'

let workshop: Workshop
let disk: string
let isMounted = false

beforeAll(async () => {
  disk = await mkdtemp(join(tmpdir(), 'graft-full-'))
  // The trunk has 94 MB, a checkpoint of layer4 60 MB, its resume state more.
  isMounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=500m', 'tmpfs', disk]).status === 0
  workshop = await openWorkshop({ TRAIN: 8, VALIDATION: 2, TEST: 2 })
  if (!isMounted) return
  await cp(join(workshop.dataDir, 'blobs'), disk, { recursive: true })
  await workshop.startTrainer({ GRAFT_STORAGE_URL: `file:${disk}` })
  expect(await ended({ epochs: 1 })).toMatchObject({ status: 'SUCCEEDED' })
})

afterAll(async () => {
  await workshop.close()
  if (isMounted) spawnSync('umount', [disk])
  await rm(disk, { recursive: true })
})

async function ended(hyperparameters: object): Promise<TrainingRun> {
  const id = await workshop.startRun(hyperparameters)
  return workshop.until(id, ({ finishedAt }) => finishedAt !== null, 300_000)
}

/** Fills the disk up to so many bytes. */
async function leave(bytes: number): Promise<void> {
  const filler = join(disk, 'filler')
  await rm(filler, { force: true })
  const { bavail, bsize } = await statfs(disk)
  await writeFile(filler, Buffer.alloc(bavail * bsize - bytes))
}

it.each([
  // Features of 24 pictures at a size that was not asked for before: 100 kB.
  ['shard of features', { epochs: 1, imageSize: 64 }, 40_000],
  ['checkpoint', { epochs: 1, trainableLayers: 'LAYER4' }, 20_000_000],
])('fails a run as STORAGE_FULL when its %s does not fit, says what to do, and loses nothing', async (...given) => {
  const [, hyperparameters, bytes] = given
  if (!isMounted) return
  await leave(bytes)
  const run = await ended(hyperparameters)
  expect(run).toMatchObject({ status: 'FAILED', attempts: 1, failure: { code: 'STORAGE_FULL' } })
  expect(JSON.stringify(run.failure)).toContain('Make room in storage')
  await rm(join(disk, 'filler'))
  expect(await ended(hyperparameters)).toMatchObject({ status: 'SUCCEEDED', attempts: 1 })
})

it('answers an upload that does not fit, and takes it once there is room', async () => {
  if (!isMounted) return
  const server = await createTestServer({ GRAFT_STORAGE_URL: `file:${disk}` })
  try {
    const bytes = randomBytes(60_000_000)
    const { data } = await server.ask<{ createUpload: { upload: { url: string } } }>(
      `mutation($input: CreateUploadInput!) { createUpload(input: $input) {
        ... on CreateUploadSuccess { upload { url } } } }`,
      { input: { fileName: 'a.zip', byteSize: bytes.length } },
    )
    const put = (): Promise<Response> => fetch(data?.createUpload.upload.url ?? '', { method: 'PUT', body: bytes })
    await leave(50_000_000)
    const refused = await put()
    expect(refused.status).toBe(507)
    const { errors } = (await refused.json()) as { errors: { message: string; extensions: object }[] }
    expect(errors[0]).toMatchObject({ extensions: { code: 'UNAVAILABLE' } })
    await rm(join(disk, 'filler'))
    expect((await put()).status).toBe(204)
  } finally {
    await server.close()
  }
})
