/**
 * TensorFlow takes all memory of a GPU when it starts, unless this variable says that it may take it as needed; then
 * several slots, and other programs, can use the same one. It is read once, when the library starts.
 */
export function shareGpuMemory(env: NodeJS.ProcessEnv = process.env): void {
  env['TF_FORCE_GPU_ALLOW_GROWTH'] ??= 'true'
}
