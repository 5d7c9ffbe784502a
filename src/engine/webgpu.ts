/**
 * WebGPU for TensorFlow.js outside of a browser, by Dawn from the npm package `webgpu`: Vulkan on Linux, Metal on macOS,
 * Direct3D on Windows.
 */
export interface WebgpuAdapter {
  /** E.g. "NVIDIA H200". */
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
