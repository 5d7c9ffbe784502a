/** The native binding of `@tensorflow/tfjs-node-gpu`: compiled once for each release, and laid into the package. */
import { existsSync } from 'node:fs'
import { copyFile, mkdir, readFile, rename } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { command } from './command.js'
import { TENSORFLOW_FOLDER } from './tensorflow-release.js'

const PACKAGE = '@tensorflow/tfjs-node-gpu'
/** Node-API version that the binding is compiled for; TensorFlow.js looks for it in `lib/napi-v8`. */
const NODE_API_VERSION = 8

/** Where TensorFlow.js looks for its compiled binding. */
export function bindingPath(): string {
  return join(packageDirectory(PACKAGE), 'lib', `napi-v${String(NODE_API_VERSION)}`, 'tfjs_binding.node')
}

/**
 * Two source files and the Node-API headers, which are a package: no node-gyp and no download of Node's headers. Compiled
 * beside its place and renamed, so that a process that starts meanwhile never loads half a file.
 * @param libraries the release's folder; the binding finds the libraries there by its run path
 * @returns the path of the compiled binding
 */
export async function ensureCompiled(libraries: string, say: (line: string) => void): Promise<string> {
  const compiled = join(libraries, 'tfjs_binding.node')
  if (existsSync(compiled)) return compiled
  say('Compiling the binding …')
  const source = join(packageDirectory(PACKAGE), 'binding')
  const tensorflow = join(libraries, TENSORFLOW_FOLDER)
  const part = `${compiled}.part-${String(process.pid)}`
  await command(
    'g++',
    [
      ...['-O2', '-shared', '-fPIC', '-std=c++17', `-DNAPI_VERSION=${String(NODE_API_VERSION)}`],
      ...[`-I${join(packageDirectory('node-api-headers'), 'include')}`, `-I${join(tensorflow, 'include')}`],
      ...[join(source, 'tfjs_backend.cc'), join(source, 'tfjs_binding.cc')],
      ...[`-L${tensorflow}`, '-l:libtensorflow_cc.so.2', '-l:libtensorflow_framework.so.2'],
      ...[`-Wl,-rpath,${tensorflow}`, '-o', part],
    ],
    { missing: 'g++ is missing.', failed: 'The binding could not be compiled' },
  )
  await rename(part, compiled)
  return compiled
}

/** @returns whether this very binding lies in the package already */
export async function isPlaced(compiled: string): Promise<boolean> {
  const [there, wanted] = await Promise.all([bindingPath(), compiled].map((path) => readFile(path).catch(() => null)))
  return there instanceof Buffer && wanted?.equals(there) === true
}

export async function placeBinding(compiled: string): Promise<void> {
  const target = bindingPath()
  await mkdir(dirname(target), { recursive: true })
  const part = `${target}.part-${String(process.pid)}`
  await copyFile(compiled, part)
  await rename(part, target)
}

function packageDirectory(name: string): string {
  return dirname(createRequire(import.meta.url).resolve(`${name}/package.json`))
}
