// Compares schema.graphql with schema.released.graphql, what the last release's clients rely on: a change that breaks one
// fails. `--release` makes the present schema the released one.
import { CriticalityLevel, diff } from '@graphql-inspector/core'
import { buildSchema } from 'graphql'
import { copyFile, readFile } from 'node:fs/promises'

const [present, released] = ['schema.graphql', 'schema.released.graphql'].map(
  (name) => new URL(`../${name}`, import.meta.url),
)

if (process.argv.includes('--release')) {
  await copyFile(present, released)
} else {
  const [before, after] = await Promise.all(
    [released, present].map(async (url) => buildSchema(await readFile(url, 'utf8'))),
  )
  const changes = await diff(before, after)
  const breaking = changes.filter(({ criticality }) => criticality.level === CriticalityLevel.Breaking)
  for (const { message } of breaking) console.error(`Breaks clients of the released schema: ${message}`)
  process.exitCode = breaking.length > 0 ? 1 : 0
}
