/** `npm run schema`: writes schema.graphql from the code; with --check only says whether it is as committed. */
import { readFile, writeFile } from 'node:fs/promises'
import { projectFile } from './config/project-root.js'
import { buildGraftSchema, printGraftSchema } from './graphql/schema.js'
import { RESOLVERS } from './resolvers.js'

const target = projectFile('schema.graphql')
const printed = printGraftSchema(await buildGraftSchema(RESOLVERS))

if (!process.argv.includes('--check')) {
  await writeFile(target, printed)
} else if ((await readFile(target, 'utf8').catch(() => '')) !== printed) {
  process.stderr.write('schema.graphql is not what the code says: run `npm run schema` and commit it.\n')
  process.exitCode = 1
}
