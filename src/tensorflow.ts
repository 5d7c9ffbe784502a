/** `npm run tensorflow`: puts the native TensorFlow in, so that training does not run on WebAssembly. */
import { cacheDirectory } from './config/cache.js'
import { InstallError, installTensorflow } from './engine/native/install-tensorflow.js'

if (process.argv.includes('--gpu')) {
  console.error('This version installs the TensorFlow for processors only: run it without --gpu.')
  process.exitCode = 1
} else {
  try {
    await installTensorflow({ cacheDirectory: cacheDirectory(), say: (line) => console.log(line) })
  } catch (error) {
    if (!(error instanceof InstallError)) throw error
    console.error(error.message)
    process.exitCode = 1
  }
}
