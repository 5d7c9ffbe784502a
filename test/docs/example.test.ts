import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { projectFile } from '../../src/config/project-root.js'

it('trains as a library, by the example of the page about it', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [projectFile('docs', 'examples', 'train.mjs')])
  const epochs = stdout.trim().split('\n')
  expect(epochs.map((line) => line.split(':')[0])).toEqual([1, 2, 3, 4, 5].map((number) => `epoch ${number}`))
  expect(epochs.at(-1)).toMatch(/accuracy 1\.000$/)
})
