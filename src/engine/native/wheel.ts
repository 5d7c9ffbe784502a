/** Python wheels as the carriers of libraries: fetched with pip, checked, and unpacked in part. */
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { command, InstallError, PYTHON } from './command.js'
import { PYTHON_VERSION, type Wheel } from './tensorflow-release.js'

/** Of a wheel; older pips start a broken transfer over, newer ones resume it themselves. */
const ATTEMPTS = 3

/**
 * Fetches a wheel with pip (whatever index, mirror or proxy it is configured for) into an empty folder. pip refuses a
 * file whose sha256 is not the pinned one.
 * @returns its path
 * @throws InstallError
 */
export async function fetchWheel(wheel: Wheel, directory: string): Promise<string> {
  const help = await pip(['download', '--help'], 'python3 has no pip. Install it.')
  const resume = help.includes('--resume-retries') ? ['--resume-retries', '20'] : []
  for (let attempt = 1; ; attempt++) {
    await rm(directory, { recursive: true, force: true })
    await mkdir(directory, { recursive: true })
    try {
      return await download(wheel, directory, resume)
    } catch (error) {
      const { message } = error as Error
      // Older pips take a file that broke off for one with another sha256.
      if (attempt === ATTEMPTS || message.includes('No matching distribution')) throw error
    }
  }
}

async function download(wheel: Wheel, directory: string, options: readonly string[]): Promise<string> {
  const requirements = join(directory, 'requirements.txt')
  await writeFile(requirements, `${wheel.requirement} --hash=sha256:${wheel.sha256}\n`)
  await pip(
    [
      ...['download', '--quiet', '--no-deps', '--only-binary=:all:', '--require-hashes', ...options],
      ...['--implementation', 'cp', '--python-version', PYTHON_VERSION, '--platform', wheel.platform],
      ...['--dest', directory, '--requirement', requirements],
    ],
    `pip could not fetch ${wheel.requirement} with the pinned sha256 (is the package index in reach?)`,
  )
  const file = (await readdir(directory)).find((name) => name.endsWith('.whl'))
  if (file === undefined) throw new InstallError(`pip fetched no wheel for ${wheel.requirement}.`)
  return join(directory, file)
}

function pip(args: readonly string[], failed: string): Promise<string> {
  return command(PYTHON, ['-m', 'pip', '--disable-pip-version-check', ...args], {
    missing: 'python3 is missing.',
    failed,
  })
}

/** A wheel is a zip; Python, which pip needs anyway, unpacks it. */
const UNPACK = `
import os, re, shutil, sys, zipfile
wheel, target, keep = sys.argv[1:]
with zipfile.ZipFile(wheel) as z:
    for info in z.infolist():
        if info.is_dir() or not re.match(keep, info.filename):
            continue
        to = os.path.join(target, info.filename)
        os.makedirs(os.path.dirname(to), exist_ok=True)
        with z.open(info) as source, open(to, 'wb') as sink:
            shutil.copyfileobj(source, sink, 1 << 20)
        os.chmod(to, 0o755 if info.external_attr >> 16 & 0o100 else 0o644)
`

/**
 * Unpacks what is kept of a wheel, each file where it is in the wheel.
 * @throws InstallError
 */
export async function unpackWheel(path: string, { keep }: Pick<Wheel, 'keep'>, target: string): Promise<void> {
  await command(PYTHON, ['-c', UNPACK, path, target, keep.source], {
    missing: 'python3 is missing.',
    failed: `The wheel could not be unpacked into ${target} (is the disk full?)`,
  })
}
