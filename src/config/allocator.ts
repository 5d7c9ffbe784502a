/**
 * What glibc reads when a process starts, for a server: pictures, tensors and heads of megabytes come and go on many
 * threads, and by default each thread keeps what it has freed. Two arenas for all of them, and blocks of 1 MiB and more
 * given back at once, make a server a third smaller (docs/deployment.md). Other allocators read none of it. A user's own
 * values stay.
 */
export function frugalEnvironment(env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  return { MALLOC_ARENA_MAX: '2', MALLOC_MMAP_THRESHOLD_: String(2 ** 20), ...env }
}
