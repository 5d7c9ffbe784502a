import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { ZipArchive } from 'archiver'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { projectFile } from '../../src/config/project-root.js'
import { startGraftProcess, type GraftProcess } from '../graft-process.js'
import { drawPicture } from '../trainer/fixture.js'

const PER_CLASS = 10
const TOKEN = 'a-secret-of-the-example'

let graft: GraftProcess
let archive: string
let picture: string

beforeAll(async () => {
  graft = await startGraftProcess({ GRAFT_TOKENS: `example:write:${TOKEN}` })
  archive = join(graft.folder, 'pictures.zip')
  picture = join(graft.folder, 'one.png')
  await writeFile(picture, await drawPicture(0, 1000))
  const zip = new ZipArchive()
  const file = createWriteStream(archive)
  zip.pipe(file)
  for (const [classIndex, label] of ['dots', 'stripes'].entries()) {
    for (let i = 0; i < PER_CLASS; i++)
      zip.append(await drawPicture(classIndex, i), { name: `${label}/${String(i)}.png` })
  }
  await Promise.all([once(file, 'close'), zip.finalize()])
})

afterAll(() => graft.close())

const walk = (env: Record<string, string>) =>
  promisify(execFile)('sh', [projectFile('docs', 'examples', 'curl.sh'), archive, picture], {
    env: { ...process.env, GRAFT_URL: graft.url, EPOCHS: '2', ...env },
  })

it('goes from an archive to a classified picture with curl alone', async () => {
  const { stdout } = await walk({ GRAFT_TOKEN: TOKEN })
  expect(stdout).toContain('"state":"SUCCEEDED"')
  expect(stdout).toMatch(/"number":1[\s\S]*"number":2/)
  expect(stdout).toMatch(/weighted avg/)
  const answer = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as {
    data: { classify: { prediction: { label: string; scores: { label: string }[] } } }
  }
  const { label, scores } = answer.data.classify.prediction
  expect(['dots', 'stripes']).toContain(label)
  expect(scores.map((score) => score.label).sort()).toEqual(['dots', 'stripes'])
})

it('ends with what the server says where it is refused', async () => {
  await expect(walk({ GRAFT_TOKEN: 'nothing that is known' })).rejects.toMatchObject({
    stderr: expect.stringContaining('UNAUTHENTICATED') as string,
  })
})
