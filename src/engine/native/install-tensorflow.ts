/**
 * Puts the native TensorFlow under TensorFlow.js: fetches the pinned wheel with pip (which checks its sha256), unpacks the
 * two libraries into the user's cache, compiles the binding of `@tensorflow/tfjs-node-gpu` against them and lays it into
 * the package. Every step is skipped where its result is there already, and finished by a rename, so a break in between
 * leaves nothing half done.
 */
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { copyFile, mkdir, mkdtemp, readdir, rename, rm, statfs, symlink, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import {
  HEADER_FOLDERS,
  LIBRARIES,
  NODE_API_VERSION,
  TENSORFLOW_RELEASES,
  type TensorflowRelease,
} from './tensorflow-release.js'

const run = promisify(execFile)

/** Something that the user has to mend; the message says how. */
export class InstallError extends Error {
  override readonly name = 'InstallError'
}

export interface InstallOptions {
  /** The user's cache folder, for instance ~/.cache/graft. */
  cacheDirectory: string
  /** Told what is being done, a line each. */
  say: (line: string) => void
  /** `${process.platform}-${process.arch}` unless a test says otherwise. */
  platform?: string
}

/** @returns the path of the compiled binding inside the package */
export async function installTensorflow(options: InstallOptions): Promise<string> {
  const platform = options.platform ?? `${process.platform}-${process.arch}`
  const release = TENSORFLOW_RELEASES[platform]
  if (release === undefined) {
    throw new InstallError(
      `The native TensorFlow is offered for ${Object.keys(TENSORFLOW_RELEASES).join(', ')}, not for ${platform}. ` +
        'Graft trains there without it, on WebAssembly.',
    )
  }
  const libraries = join(options.cacheDirectory, release.folder)
  const target = bindingPath()
  if (existsSync(join(libraries, 'complete')) && existsSync(target)) {
    options.say(`TensorFlow is there already: ${target}`)
    return target
  }
  if (!existsSync(join(libraries, 'complete'))) await fetchLibraries(release, libraries, options)
  await placeBinding(libraries, target, options)
  options.say(`Done. The binding is ${target}, the libraries are in ${libraries}.`)
  return target
}

/** Where TensorFlow.js looks for its compiled binding. */
export function bindingPath(): string {
  return join(
    packageDirectory('@tensorflow/tfjs-node-gpu'),
    'lib',
    `napi-v${String(NODE_API_VERSION)}`,
    'tfjs_binding.node',
  )
}

async function fetchLibraries(release: TensorflowRelease, target: string, { say }: InstallOptions): Promise<void> {
  const parent = dirname(target)
  await mkdir(parent, { recursive: true })
  await requireSpace(parent, release.diskBytes)
  const work = await mkdtemp(join(parent, `${release.folder}.part-`))
  try {
    say(`Fetching ${release.requirement} (about 270 MB) with pip …`)
    const wheel = await downloadWheel(release, work)
    say('Checked its sha256. Unpacking the libraries …')
    await unpackWheel(wheel, work)
    await rm(wheel)
    for (const [library, link] of Object.entries(LIBRARIES)) await symlink(library, join(work, link))
    await writeFile(join(work, 'complete'), release.sha256)
    await rm(target, { recursive: true, force: true })
    await rename(work, target)
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

async function requireSpace(directory: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(directory)
  if (bavail * bsize < bytes) {
    throw new InstallError(
      `${directory} has ${gigabytes(bavail * bsize)} GB free; unpacking TensorFlow needs ${gigabytes(bytes)} GB. ` +
        'Free some, or point XDG_CACHE_HOME at a larger disk.',
    )
  }
}

/** pip refuses a file whose sha256 is not the pinned one, retries a broken transfer and keeps its own cache. */
async function downloadWheel(release: TensorflowRelease, directory: string): Promise<string> {
  const requirements = join(directory, 'requirements.txt')
  await writeFile(requirements, `${release.requirement} --hash=sha256:${release.sha256}\n`)
  const pip = ['-m', 'pip', '--disable-pip-version-check']
  const { stdout: help } = await command('python3', [...pip, 'download', '--help'], {
    ENOENT: 'python3 is missing. Install it together with pip (Debian: apt-get install python3 python3-pip).',
    failed: 'python3 has no pip. Install it (Debian: apt-get install python3-pip).',
  })
  const resume = help.includes('--resume-retries') ? ['--resume-retries', '20'] : []
  await command(
    'python3',
    [
      ...[...pip, 'download', '--quiet', '--no-deps', '--only-binary=:all:', '--require-hashes', ...resume],
      ...['--implementation', 'cp', '--python-version', release.pythonVersion],
      ...['--platform', release.wheelPlatform, '--dest', directory, '--requirement', requirements],
    ],
    {
      ENOENT: 'python3 is missing.',
      failed: `pip could not fetch ${release.requirement} with the pinned sha256 (is the package index in reach?)`,
    },
  )
  const wheel = (await readdir(directory)).find((name) => name.endsWith('.whl'))
  if (wheel === undefined) throw new InstallError(`pip fetched no wheel for ${release.requirement}.`)
  return join(directory, wheel)
}

/** A wheel is a zip; Python, which pip needs anyway, unpacks it: libraries to the top, headers under `include/`. */
async function unpackWheel(wheel: string, directory: string): Promise<void> {
  const script = `
import os, shutil, sys, zipfile
wheel, target, libraries, folders = sys.argv[1], sys.argv[2], sys.argv[3].split(','), tuple(sys.argv[4].split(','))
with zipfile.ZipFile(wheel) as z:
    for name in z.namelist():
        if name.startswith('tensorflow/') and name[len('tensorflow/'):] in libraries:
            to = os.path.join(target, os.path.basename(name))
        elif name.startswith(folders) and name.endswith('.h'):
            to = os.path.join(target, name[len('tensorflow/'):])
        else:
            continue
        os.makedirs(os.path.dirname(to), exist_ok=True)
        with z.open(name) as source, open(to, 'wb') as sink:
            shutil.copyfileobj(source, sink, 1 << 20)
`
  await command(
    'python3',
    ['-c', script, wheel, directory, Object.keys(LIBRARIES).join(','), HEADER_FOLDERS.join(',')],
    {
      ENOENT: 'python3 is missing.',
      failed: `The wheel could not be unpacked into ${directory} (is the disk full?)`,
    },
  )
}

/**
 * Two source files and the Node-API headers, which are a package: no node-gyp and no download of Node's headers. Compiled
 * beside its place and renamed, so that a process that starts meanwhile never loads half a file.
 */
async function placeBinding(libraries: string, target: string, { say }: InstallOptions): Promise<void> {
  const source = join(packageDirectory('@tensorflow/tfjs-node-gpu'), 'binding')
  const kept = join(libraries, 'tfjs_binding.node')
  if (!existsSync(kept)) {
    say('Compiling the binding …')
    const part = `${kept}.part-${String(process.pid)}`
    await command(
      'g++',
      [
        ...['-O2', '-shared', '-fPIC', '-std=c++17', `-DNAPI_VERSION=${String(NODE_API_VERSION)}`],
        ...[`-I${join(packageDirectory('node-api-headers'), 'include')}`, `-I${join(libraries, 'include')}`],
        ...[join(source, 'tfjs_backend.cc'), join(source, 'tfjs_binding.cc')],
        ...[`-L${libraries}`, '-ltensorflow', '-ltensorflow_framework', `-Wl,-rpath,${libraries}`, '-o', part],
      ],
      {
        ENOENT: 'g++ is missing. Install a C++17 compiler (Debian: apt-get install g++).',
        failed: 'The binding could not be compiled',
      },
    )
    await rename(part, kept)
  }
  await mkdir(dirname(target), { recursive: true })
  const part = `${target}.part-${String(process.pid)}`
  await copyFile(kept, part)
  await rename(part, target)
}

async function command(
  program: string,
  args: readonly string[],
  say: { ENOENT: string; failed: string },
): Promise<{ stdout: string }> {
  try {
    return await run(program, args, { maxBuffer: 64 * 1024 * 1024 })
  } catch (cause) {
    const { code, stderr = '' } = cause as { code?: string | number; stderr?: string }
    if (code === 'ENOENT') throw new InstallError(say.ENOENT, { cause })
    throw new InstallError(`${say.failed}\n${stderr.trim().split('\n').slice(-5).join('\n')}`, { cause })
  }
}

function packageDirectory(name: string): string {
  return dirname(createRequire(import.meta.url).resolve(`${name}/package.json`))
}

function gigabytes(bytes: number): string {
  return (bytes / 1e9).toFixed(1)
}
