// Makes dist/ and the studio's pages out of the sources where they are not up to date: `npm start`, the tests and the demo
// begin with it, so that they work straight after `npm ci`. Types are not checked here; `npm run check` does that.
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { lock } from 'proper-lockfile'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const GENERATED = join(ROOT, 'src', 'database', 'generated')
const GENERATED_DIGEST = join(GENERATED, '.schema-digest')

/** What is made of which folders, by a script that is told where to write. Each is made anew only where its own changed. */
const PRODUCTS = [
  {
    folder: 'dist',
    tool: 'scripts/emit.mjs',
    sources: ['src', 'client', 'cli', 'bench', 'prisma'],
    files: ['tsconfig.json', 'tsconfig.build.json', 'package-lock.json', 'scripts/build.mjs', 'scripts/emit.mjs'],
  },
  {
    folder: 'studio/dist',
    tool: 'scripts/emit-studio.mjs',
    sources: ['studio', 'client'],
    files: ['package-lock.json', 'scripts/build.mjs', 'scripts/emit-studio.mjs'],
  },
].filter(({ sources: [source] }) => existsSync(join(ROOT, source)))
/** Beside sources, but not of them. */
const MADE = [GENERATED, join(ROOT, 'studio', 'dist')]
const DIGEST_NAME = '.build-digest'
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
  if ((await readDigest(GENERATED_DIGEST)) !== (await schemaDigest())) return false
  const fresh = await Promise.all(PRODUCTS.map(isUpToDate))
  return fresh.every(Boolean)
}

async function isUpToDate(product) {
  const built = await readDigest(digestFile(product))
  return built !== '' && built === (await sourceDigest(product))
}

async function build() {
  process.stderr.write('Graft is being built …\n')
  const digest = await schemaDigest()
  if ((await readDigest(GENERATED_DIGEST)) !== digest) {
    await runTool('node_modules/prisma/build/index.js', 'generate')
    await writeFile(GENERATED_DIGEST, digest)
  }
  for (const product of PRODUCTS) if (!(await isUpToDate(product))) await make(product)
}

/** Into a folder beside the product's, which then takes its place: a build that is killed leaves what was there. */
async function make(product) {
  const digest = await sourceDigest(product)
  const folder = join(ROOT, product.folder)
  const [draft, old] = [`${folder}.new`, `${folder}.old`]
  for (const leftover of [draft, old]) await rm(leftover, { recursive: true, force: true })
  await runTool(product.tool, draft)
  await writeFile(join(draft, DIGEST_NAME), digest)
  await rename(folder, old).catch(() => {})
  await rename(draft, folder)
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

async function sourceDigest({ sources, files }) {
  const folders = await Promise.all(sources.map(filesBelow))
  return digestOf([...folders.flat(), ...files])
}

function digestFile({ folder }) {
  return join(ROOT, folder, DIGEST_NAME)
}

async function filesBelow(folder) {
  const entries = await readdir(join(ROOT, folder), { recursive: true, withFileTypes: true }).catch(() => [])
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !MADE.some((folder) => path.startsWith(folder)))
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
