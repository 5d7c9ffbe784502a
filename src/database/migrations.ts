import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sha256Of } from '../domain/digest.js'

export interface Migration {
  /** Its folder's name: a time, then what it does. */
  readonly name: string
  readonly sql: string
  /** As Prisma computes it. */
  readonly checksum: string
}

/** The migrations of prisma/migrations, oldest first. */
export async function readMigrations(directory: string): Promise<Migration[]> {
  const entries = await readdir(directory, { withFileTypes: true })
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name)
  return Promise.all(
    names.sort().map(async (name) => {
      // A checkout on Windows may have changed the line ends, not the migration.
      const sql = (await readFile(join(directory, name, 'migration.sql'), 'utf8')).replaceAll('\r\n', '\n')
      return { name, sql, checksum: sha256Of(sql) }
    }),
  )
}
