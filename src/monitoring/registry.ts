import { collectDefaultMetrics, Gauge, Registry } from 'prom-client'

/** Of a process: its own figures (memory, processor, event loop, garbage collection) and what others register in it. */
export function createRegistry(process: { role: 'server' | 'trainer'; version: string }): Registry {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const build = new Gauge({
    name: 'graft_build_info',
    help: 'Always 1; which Graft this is, and which of its processes.',
    labelNames: ['role', 'version'],
    registers: [registry],
  })
  build.set(process, 1)
  return registry
}
