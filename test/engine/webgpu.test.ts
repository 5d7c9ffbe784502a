/** What a device tells of its failures; test/slow/webgpu.test.ts has one that does fail. */
import { describe, expect, it } from 'vitest'
import { failReads, type DeviceBackend } from '../../src/engine/webgpu.js'

class GPUOutOfMemoryError {
  readonly message = 'vkAllocateMemory failed with VK_ERROR_OUT_OF_DEVICE_MEMORY\n - While calling CreateBuffer.'
}
class GPUValidationError {
  constructor(readonly message: string) {}
}

describe('A WebGPU device that fails', () => {
  const open = (): {
    backend: DeviceBackend
    isBroken: () => boolean
    tell: (error: object) => void
    lose: (reason: string) => void
  } => {
    const events = new EventTarget()
    let lose: (reason: string) => void = () => undefined
    const lost = new Promise<{ reason: string; message: string }>((resolve) => {
      lose = (reason) => {
        resolve({ reason, message: 'It fell off the bus.' })
      }
    })
    const device = {
      lost,
      destroy: () => undefined,
      addEventListener: events.addEventListener.bind(events),
    } as unknown as DeviceBackend['device']
    const backend: DeviceBackend = { device, read: () => Promise.resolve(Float32Array.of(0)) }
    const isBroken = failReads(backend)
    const tell = (error: object): void => {
      events.dispatchEvent(Object.assign(new Event('uncapturederror', { cancelable: true }), { error }))
    }
    return { backend, isBroken, tell, lose }
  }

  it('gives what is read before, and from then on its first failure', async () => {
    const { backend, isBroken, tell } = open()
    expect(await backend.read({})).toEqual(Float32Array.of(0))
    expect(isBroken()).toBe(false)
    tell(new GPUOutOfMemoryError())
    tell(new GPUValidationError('[Invalid Buffer] is invalid due to a previous error.'))
    await expect(backend.read({})).rejects.toThrow(
      /^The GPU is out of memory: vkAllocateMemory failed with VK_ERROR_OUT_OF_DEVICE_MEMORY$/,
    )
    expect(isBroken()).toBe(true)
  })

  it.each([
    [
      'Binding size (6576668672) of [Buffer] is larger than the maximum storage buffer binding size (2147483644).',
      /out of memory/,
    ],
    ['Buffer size (3200000000) exceeds the max buffer size limit (1073741824).', /out of memory/],
    ['[Invalid ShaderModule] is invalid.', /^The GPU failed: /],
  ])('tells too little memory from other failures: %s', async (message, expected) => {
    const { backend, tell } = open()
    tell(new GPUValidationError(message))
    await expect(backend.read({})).rejects.toThrow(expected)
  })

  it('gives no more once it is lost, but does not count being closed as that', async () => {
    const [gone, closed] = [open(), open()]
    gone.lose('unknown')
    closed.lose('destroyed')
    await expect(gone.backend.read({})).rejects.toThrow('The GPU was lost: It fell off the bus.')
    expect(await closed.backend.read({})).toEqual(Float32Array.of(0))
  })
})
