import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { chooseEngine, machineKey } from '../../src/engine/choose-engine.js'
import { gpuDeviceFiles } from '../../src/engine/devices.js'
import type { Backend } from '../../src/engine/engine.type.js'
import { bindingPath } from '../../src/engine/native/binding.js'

interface Kept {
  key: string
  backend: Backend
  measured: Partial<Record<Backend, number>>
}

describe('The choice of an engine', () => {
  let directory: string
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'graft-data-'))
  })
  afterEach(() => rm(directory, { recursive: true, force: true }))

  const choose = async (): Promise<Backend> => {
    const engine = await chooseEngine(directory)
    engine.dispose()
    return engine.info.backend
  }
  const kept = async (): Promise<Kept> => JSON.parse(await readFile(join(directory, 'engine.json'), 'utf8')) as Kept
  const write = (choice: Partial<Kept>): Promise<void> =>
    writeFile(join(directory, 'engine.json'), JSON.stringify({ measured: {}, ...choice }))

  it('is the quickest of those that start, and is kept', async () => {
    const backend = await choose()
    const choice = await kept()
    const quickest = Object.entries(choice.measured).sort(([, a], [, b]) => a - b)[0]?.[0]
    expect(choice).toMatchObject({ backend, key: machineKey() })
    expect(quickest).toBe(backend)
    expect('wasm' in choice.measured).toBe(true)
    expect('tensorflow' in choice.measured).toBe(existsSync(bindingPath()))
    expect(await readdir(directory)).toEqual(['engine.json'])
  })

  it('is not measured again on the same machine', async () => {
    await write({ key: machineKey(), backend: 'cpu' })
    expect(await choose()).toBe('cpu')
    expect((await kept()).measured).toEqual({})
  })

  it('is measured again where the machine is not as it was', async () => {
    await write({ key: machineKey().replace('"threads":', '"threads":9'), backend: 'cpu' })
    expect(await choose()).not.toBe('cpu')
    expect((await kept()).key).toBe(machineKey())
  })

  it.each(['', '{"key":', '{"key":"a","backend":"abacus"}'])(
    'is measured again where the file says %j',
    async (text) => {
      await writeFile(join(directory, 'engine.json'), text)
      expect(await choose()).toBe((await kept()).backend)
    },
  )

  it.skipIf(gpuDeviceFiles()?.length !== 0)('does not ask for WebGPU where there is no GPU', async () => {
    await choose()
    expect('webgpu' in (await kept()).measured).toBe(false)
  })
})
