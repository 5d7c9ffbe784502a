import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { projectFile } from '../../src/config/project-root.js'

const execute = promisify(execFile)
const BUILDING = 'Graft is being built'
let root: string

/** The project's own scripts and settings around a single source. */
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'graft-build-'))
  for (const part of ['scripts', 'package.json', 'package-lock.json', 'tsconfig.json', 'tsconfig.build.json']) {
    await cp(projectFile(part), join(root, part), { recursive: true })
  }
  for (const part of ['prisma', 'prisma.config.ts']) await cp(projectFile(part), join(root, part), { recursive: true })
  await symlink(projectFile('node_modules'), join(root, 'node_modules'))
  await mkdir(join(root, 'src'))
  await write('export const answer: number = 1\nconsole.log(answer, process.argv.slice(2))')
})

afterAll(() => rm(root, { recursive: true }))

function write(source: string): Promise<void> {
  return writeFile(join(root, 'src', 'one.ts'), source)
}

function run(...parameters: string[]): Promise<{ stdout: string; stderr: string }> {
  return execute(process.execPath, ['scripts/run.mjs', ...parameters], { cwd: root })
}

it('programs that start at the same time on a fresh clone are built once, with the Prisma client, and all run', async () => {
  const results = await Promise.all([run('one', 'a'), run('one', 'a'), run('one', 'a')])
  expect(results.map(({ stdout }) => stdout.trim())).toEqual(Array(3).fill("1 [ 'a' ]"))
  expect(results.filter(({ stderr }) => stderr.includes(BUILDING))).toHaveLength(1)
  expect(await readFile(join(root, 'dist/src/database/generated/client.js'), 'utf8')).toContain('PrismaClient')
})

it('a program is built again only when a source has changed', async () => {
  expect((await run('one')).stderr).toBe('')
  await write('console.log(2)')
  expect(await run('one')).toMatchObject({ stdout: '2\n', stderr: expect.stringContaining(BUILDING) as string })
  expect((await run('one')).stderr).toBe('')
})

it('a source that cannot be read as TypeScript fails with its place, and leaves what was built', async () => {
  await write('console.log(')
  await expect(run('one')).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/src\/one\.ts\(1,13\)/) as string,
  })
  expect(await readFile(join(root, 'dist/src/one.js'), 'utf8')).toContain('console.log(2)')
  await write('console.log(2)')
})

it('a program that does not exist is named', async () => {
  await expect(run('nothing')).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining('"nothing"') as string,
  })
})
