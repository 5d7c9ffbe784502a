import { spawnSync } from 'node:child_process'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openWorkshop } from '../trainer/fixture.js'

it('fails a run as STORAGE_FULL when its checkpoint does not fit on the disk, and says what to do', async (context) => {
  const directory = await mkdtemp(join(tmpdir(), 'graft-full-'))
  // The trunk has 94 MB and a checkpoint of layer4 60 MB.
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=120m', 'tmpfs', directory])
  if (mounted.status !== 0) return context.skip('only root can make a small disk')
  const workshop = await openWorkshop({ TRAIN: 4, VALIDATION: 2, TEST: 2 })
  try {
    await cp(join(workshop.dataDir, 'blobs'), directory, { recursive: true })
    await workshop.startTrainer({ GRAFT_STORAGE_URL: `file:${directory}` })
    const id = await workshop.startRun({ trainableLayers: 'LAYER4', epochs: 1 })
    const run = await workshop.until(id, ({ finishedAt }) => finishedAt !== null, 120_000)
    expect(run).toMatchObject({ status: 'FAILED', attempts: 1, failure: { code: 'STORAGE_FULL' } })
    expect(JSON.stringify(run.failure)).toContain('Make room in storage')
  } finally {
    await workshop.close()
    spawnSync('umount', [directory])
    await rm(directory, { recursive: true })
  }
})
