/**
 * WebGPU for TensorFlow.js outside of a browser, by Dawn from the npm package `webgpu`: Vulkan on Linux, Metal on macOS,
 * Direct3D on Windows.
 */
export interface WebgpuAdapter {
  /** E.g. "nvidia-h200". */
  readonly name: string
  /** Drawn by the processor, as SwiftShader and llvmpipe do: right, and slower than WebAssembly. */
  readonly software: boolean
}

interface Info {
  readonly vendor: string
  readonly architecture: string
  readonly device: string
  readonly description: string
  readonly isFallbackAdapter: boolean
}

interface Gpu {
  requestAdapter(options: { powerPreference: 'high-performance' }): Promise<{ readonly info: Info } | null>
}

let provided: Promise<Gpu> | undefined

/** Puts `navigator.gpu` into this process, once: TensorFlow.js looks for it there. Dawn cannot be unloaded. */
async function provideGpu(): Promise<Gpu> {
  const { create, globals } = await import('webgpu')
  const gpu = create([]) as Gpu
  Object.assign(globalThis, globals)
  // Node has a `navigator` since version 21.
  const scope = globalThis as { navigator?: object }
  scope.navigator ??= {}
  Object.defineProperty(scope.navigator, 'gpu', { value: gpu, configurable: true })
  return gpu
}

/** @throws Error where there is no adapter; what Dawn has to say about it is on the standard error stream */
export async function openWebgpu(): Promise<WebgpuAdapter> {
  const gpu = await (provided ??= provideGpu())
  // The same one that TensorFlow.js will ask for.
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' })
  if (adapter === null) {
    throw new Error(
      'WebGPU finds no graphics adapter. It needs a driver; on Linux that is Vulkan with its loader (Debian: libvulkan1).',
    )
  }
  const { info } = adapter
  return { name: nameOf(info), software: info.isFallbackAdapter }
}

function nameOf({ device, description, vendor, architecture }: Info): string {
  return [device, description, `${vendor} ${architecture}`.trim()].find((name) => name !== '') ?? 'unknown GPU'
}

/** The part of TensorFlow.js's backend that is about its device. */
export interface DeviceBackend {
  readonly device: Device
  read(dataId: object): Promise<unknown>
}

interface Device {
  addEventListener(type: 'uncapturederror', listener: (event: ErrorEvent) => void): void
  readonly lost: Promise<{ readonly reason: string; readonly message: string }>
  /** Frees its memory at once. */
  destroy(): void
}

interface ErrorEvent {
  readonly error: { readonly message: string; readonly constructor: { readonly name: string } }
  /** Keeps Dawn from printing it. */
  preventDefault(): void
}

/**
 * What fails on a device is told beside its operations, and TensorFlow.js does not listen: memory that cannot be had counts
 * as zeros, and training would go on with them. From the first failure on nothing can be read any more.
 * @returns whether there was one
 */
export function failReads(backend: DeviceBackend): () => boolean {
  let failure: Error | null = null
  backend.device.addEventListener('uncapturederror', (event) => {
    event.preventDefault()
    failure ??= failureOf(event.error)
  })
  void backend.device.lost.then(({ reason, message }) => {
    if (reason !== 'destroyed') failure ??= new Error(`The GPU was lost: ${message}`)
  })
  const read = backend.read.bind(backend)
  backend.read = async (dataId) => {
    const values = await read(dataId).catch((reason: unknown) => {
      throw failure ?? reason
    })
    if (failure !== null) throw failure
    return values
  }
  return () => failure !== null
}

/** Buffers of more than the GPU has, and those that are larger than a program may bind, 2 GB on most. */
const TOO_LARGE = /max buffer size|binding size/i

function failureOf({ message, constructor: { name } }: ErrorEvent['error']): Error {
  const isMemory = name === 'GPUOutOfMemoryError' || TOO_LARGE.test(message)
  return new Error(`${isMemory ? 'The GPU is out of memory' : 'The GPU failed'}: ${message.split('\n', 1)[0] ?? ''}`)
}
