import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { InstallError, installTensorflow } from '../../src/engine/native/install-tensorflow.js'

describe('Installing the native TensorFlow', () => {
  let directory: string
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'graft-cache-'))
  })
  afterEach(() => rm(directory, { recursive: true, force: true }))

  const install = (platform: string): Promise<string> =>
    installTensorflow({ cacheDirectory: directory, say: () => undefined, platform })

  it('says on an unsupported platform which ones there are, and that training works without', async () => {
    await expect(install('sunos-sparc')).rejects.toThrow(InstallError)
    await expect(install('sunos-sparc')).rejects.toThrow(/linux-x64, not for sunos-sparc.*WebAssembly/)
  })
})
