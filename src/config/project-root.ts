import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** A file of the project that is not code, such as its migrations: found from the sources and from dist alike. */
export function projectFile(...parts: string[]): string {
  let directory = dirname(fileURLToPath(import.meta.url))
  while (!existsSync(join(directory, 'prisma', 'schema.prisma'))) {
    const parent = dirname(directory)
    if (parent === directory) throw new Error('The project has no prisma/schema.prisma: it is not whole.')
    directory = parent
  }
  return join(directory, ...parts)
}
