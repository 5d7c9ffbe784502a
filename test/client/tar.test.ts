import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { tarOf } from '../../client/tar.js'

const execute = promisify(execFile)

it('makes an archive that tar unpacks to the same files, long and foreign names among them', async () => {
  const long = `${'folder/'.repeat(20)}${'n'.repeat(90)}.jpg`
  const files = { 'cat/1.jpg': 'one', 'Hündin/ß.png': 'x'.repeat(512), 'empty.txt': '', [long]: 'y'.repeat(70_000) }
  const archive = tarOf(Object.entries(files).map(([path, text]) => ({ path, blob: new Blob([text]) })))
  const folder = await mkdtemp(join(tmpdir(), 'graft-tar-'))
  try {
    await writeFile(join(folder, 'all.tar'), Buffer.from(await archive.arrayBuffer()))
    await execute('tar', ['-xf', 'all.tar'], { cwd: folder })
    for (const [path, text] of Object.entries(files)) expect(await readFile(join(folder, path), 'utf8')).toBe(text)
  } finally {
    await rm(folder, { recursive: true })
  }
})
