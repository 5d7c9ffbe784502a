import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { projectFile } from './project-root.js'

const packageFile = z.object({ version: z.string() })

/** Graft's own. */
export async function ownVersion(): Promise<string> {
  return packageFile.parse(JSON.parse(await readFile(projectFile('package.json'), 'utf8'))).version
}
