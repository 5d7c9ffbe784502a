// Makes dist/ out of the sources if it is not up to date: `npm start`, the tests and the demo begin with it, so that they
// work straight after `npm ci`. Types are not checked here; `npm run check` does that.
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { lock } from 'proper-lockfile'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const DIST = join(ROOT, 'dist')
const DIST_DIGEST = join(DIST, '.build-digest')
const GENERATED = join(ROOT, 'src', 'database', 'generated')
const GENERATED_DIGEST = join(GENERATED, '.schema-digest')
const BUILD_FILES = [
  'tsconfig.json',
  'tsconfig.build.json',
  'package-lock.json',
  'scripts/build.mjs',
  'scripts/emit.mjs',
]
const STALE_LOCK_MS = 10_000
const RETRY_MS = 100

const run = promisify(execFile)

/** Safe when several processes do it at the same time: one builds, the others wait. */
export async function ensureBuilt() {
  if (await isFresh()) return
  await mkdir(join(ROOT, '.build'), { recursive: true })
  const release = await lock(ROOT, {
    lockfilePath: join(ROOT, '.build', 'lock'),
    stale: STALE_LOCK_MS,
    retries: { retries: 300_000 / RETRY_MS, factor: 1, minTimeout: RETRY_MS, maxTimeout: RETRY_MS },
    onCompromised: () => {},
  })
  try {
    if (!(await isFresh())) await build()
  } finally {
    await release().catch(() => {})
  }
}

async function isFresh() {
  const [built, generated] = await Promise.all([readDigest(DIST_DIGEST), readDigest(GENERATED_DIGEST)])
  return built !== '' && generated === (await schemaDigest()) && built === (await sourceDigest())
}

async function build() {
  process.stderr.write('Graft is being built …\n')
  const digest = await schemaDigest()
  if ((await readDigest(GENERATED_DIGEST)) !== digest) {
    await runTool('node_modules/prisma/build/index.js', 'generate')
    await writeFile(GENERATED_DIGEST, digest)
  }
  await emit()
}

/** Into a folder beside dist, which then takes its place: a build that is killed leaves dist as it was. */
async function emit() {
  const digest = await sourceDigest()
  for (const name of await readdir(ROOT)) {
    if (/^dist\.(new|old)$/.test(name)) await rm(join(ROOT, name), { recursive: true, force: true })
  }
  const [draft, old] = [`${DIST}.new`, `${DIST}.old`]
  await runTool('scripts/emit.mjs', draft)
  await writeFile(join(draft, '.build-digest'), digest)
  await rename(DIST, old).catch(() => {})
  await rename(draft, DIST)
  await rm(old, { recursive: true, force: true })
}

async function runTool(path, ...parameters) {
  await run(process.execPath, [join(ROOT, path), ...parameters], { cwd: ROOT }).catch((error) => {
    throw new Error(`${path} ${parameters[0]} failed:\n${error.stdout}${error.stderr}`)
  })
}

async function readDigest(path) {
  return readFile(path, 'utf8').catch(() => '')
}

function schemaDigest() {
  return digestOf(['prisma/schema.prisma', 'node_modules/prisma/package.json'])
}

async function sourceDigest() {
  const folders = await Promise.all(['src', 'client', 'cli', 'bench', 'prisma'].map(filesBelow))
  return digestOf([...folders.flat(), ...BUILD_FILES])
}

async function filesBelow(folder) {
  const entries = await readdir(join(ROOT, folder), { recursive: true, withFileTypes: true }).catch(() => [])
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !path.startsWith(GENERATED))
    .map((path) => path.slice(ROOT.length))
    .sort()
}

async function digestOf(paths) {
  const hash = createHash('sha256')
  const contents = await Promise.all(paths.map((path) => readFile(join(ROOT, path))))
  contents.forEach((content, index) => hash.update(`${paths[index]}\0${content.length}\0`).update(content))
  return hash.digest('hex')
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await ensureBuilt()
