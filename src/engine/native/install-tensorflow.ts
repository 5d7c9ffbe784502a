/**
 * Puts the native TensorFlow under TensorFlow.js: fetches the pinned wheels with pip (which checks their sha256), unpacks
 * the libraries into the user's cache, compiles the binding of `@tensorflow/tfjs-node-gpu` against them and lays it into
 * the package. Every step is skipped where its result is there already; a break in between leaves nothing half done.
 */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { lock } from 'proper-lockfile'
import { bindingPath, ensureCompiled, isPlaced, placeBinding } from './binding.js'
import { InstallError, requireTools } from './command.js'
import { ensureLibraries } from './libraries.js'
import { TENSORFLOW_RELEASES, type TensorflowRelease, type Variant } from './tensorflow-release.js'

export interface InstallOptions {
  /** `gpu` brings CUDA's libraries along; the NVIDIA driver has to be there. */
  readonly variant: Variant
  /** The user's cache folder, for instance ~/.cache/graft. */
  readonly cacheDirectory: string
  /** Told what is being done, a line each. */
  readonly say: (line: string) => void
  /** `${process.platform}-${process.arch}` unless a test says otherwise. */
  readonly platform?: string
}

/**
 * @returns the path of the compiled binding inside the package
 * @throws InstallError
 */
export async function installTensorflow({ variant, cacheDirectory, say, ...given }: InstallOptions): Promise<string> {
  const release = releaseFor(variant, given.platform ?? `${process.platform}-${process.arch}`)
  const folder = join(cacheDirectory, release.folder)
  await mkdir(folder, { recursive: true })
  const unlock = await lock(folder, { stale: 15_000, retries: { forever: true, minTimeout: 200, maxTimeout: 1000 } })
  try {
    if (await isPlaced(join(folder, 'tfjs_binding.node'))) {
      say(`TensorFlow is there already: ${bindingPath()}`)
      return bindingPath()
    }
    await requireTools()
    await ensureLibraries(release, folder, say)
    await placeBinding(await ensureCompiled(folder, say))
    say(`Done. The binding is ${bindingPath()}, the libraries are in ${folder}.`)
    return bindingPath()
  } finally {
    await unlock()
  }
}

function releaseFor(variant: Variant, platform: string): TensorflowRelease {
  const offered = TENSORFLOW_RELEASES[variant]
  const release = offered[platform]
  if (release !== undefined) return release
  const what = variant === 'gpu' ? 'The native TensorFlow for GPUs' : 'The native TensorFlow'
  throw new InstallError(
    `${what} is offered for ${Object.keys(offered).join(', ')}, not for ${platform}. ` +
      'Graft trains there without it: on WebGPU where there is a GPU, else on WebAssembly.',
  )
}
