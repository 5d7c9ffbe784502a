import { Gauge, type Registry } from 'prom-client'

/** As node-postgres has them. */
export interface PoolFigures {
  readonly totalCount: number
  readonly idleCount: number
  readonly waitingCount: number
}

export function observePool(registry: Registry, pool: PoolFigures): void {
  const registers = [registry]
  new Gauge({
    name: 'graft_database_pool_connections',
    help: "Connections of the process's pool by state; the queue (up to 4) and the events (1) have their own.",
    labelNames: ['state'],
    registers,
    collect() {
      this.set({ state: 'idle' }, pool.idleCount)
      this.set({ state: 'used' }, pool.totalCount - pool.idleCount)
    },
  })
  new Gauge({
    name: 'graft_database_pool_waiting',
    help: 'Queries that wait for a connection of the pool.',
    registers,
    collect() {
      this.set(pool.waitingCount)
    },
  })
}
