/**
 * `npm run tensorflow`: puts the native TensorFlow in, so that training does not run on WebAssembly. `-- --gpu` puts in the
 * one for NVIDIA's GPUs.
 */
import { parseArgs } from 'node:util'
import { cacheDirectory } from './config/cache.js'
import { InstallError } from './engine/native/command.js'
import { installTensorflow } from './engine/native/install-tensorflow.js'

try {
  const { values } = parseArgs({ options: { gpu: { type: 'boolean', default: false } } })
  await installTensorflow({
    variant: values.gpu ? 'gpu' : 'cpu',
    cacheDirectory: cacheDirectory(),
    say: (line) => console.log(line),
  })
} catch (error) {
  if (!(error instanceof InstallError) && !isUsageError(error)) throw error
  console.error(error.message)
  process.exitCode = 1
}

function isUsageError(error: unknown): error is Error {
  return error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')
}
