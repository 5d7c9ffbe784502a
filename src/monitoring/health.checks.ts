import { randomBytes } from 'node:crypto'
import type { PrismaClient } from '../database/generated/client.js'
import type { BlobStore } from '../storage/blob-store.js'
import { StorageFullError } from '../storage/storage.errors.js'
import { Unhealthy, type Check } from './health.js'

/** Whether Postgres answers, and has every migration that this Graft knows: one that was restored may be older. */
export function checkDatabase(prisma: PrismaClient, migrations: readonly string[]): Check {
  return async () => {
    const rows = await prisma.$queryRaw<{ name: string }[]>`
      SELECT migration_name AS name FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL`
    const applied = new Set(rows.map(({ name }) => name))
    const missing = migrations.filter((name) => !applied.has(name))
    if (missing.length > 0) throw new Unhealthy(`lacks the migrations ${missing.join(', ')}`)
  }
}

/** Whether a blob can be written, read and deleted; another one each time, since equal bytes are not written again. */
export function checkStorage(storage: BlobStore): Check {
  return async () => {
    try {
      const { sha256 } = await storage.put(randomBytes(32))
      await storage.read(sha256)
      await storage.delete(sha256)
    } catch (error) {
      throw new Unhealthy(error instanceof StorageFullError ? 'is full' : 'cannot be read and written')
    }
  }
}
