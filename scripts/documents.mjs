// Writes the types and the texts of operations, as schema.graphql has them: client/documents.ts out of
// client/operations.graphql, and for each NAME.graphql of the studio and of the command line a NAME.documents.ts beside it. `--check` writes nothing
// and fails where a committed file differs.
import { codegen } from '@graphql-codegen/core'
import * as operations from '@graphql-codegen/typescript-operations'
import { Kind, parse, print, visit } from 'graphql'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { basename, dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { format, resolveConfig } from 'prettier'

const ROOT = fileURLToPath(new URL('..', import.meta.url))

const config = {
  scalars: { ID: 'string', DateTime: 'string', BigInt: 'number', Upload: 'Blob' },
  enumType: 'string-literal',
  immutableTypes: true,
  useTypeImports: true,
}

/** The operation's own text, followed by the fragments that it spreads, however deep. */
function textWithFragments(document, definition, included = new Set()) {
  const texts = [print(definition)]
  visit(definition, {
    FragmentSpread({ name }) {
      if (included.has(name.value)) return
      included.add(name.value)
      const fragment = document.definitions.find(
        (other) => other.kind === Kind.FRAGMENT_DEFINITION && other.name.value === name.value,
      )
      texts.push(textWithFragments(document, fragment, included))
    },
  })
  return texts.join('\n\n')
}

function documentConstant(document, operation) {
  const name = operation.name.value
  const type = `${name}${operation.operation[0].toUpperCase()}${operation.operation.slice(1)}`
  const text = textWithFragments(document, operation)
  return `export const ${name}Document = typedDocument<${type}, ${type}Variables>(\`\n${text}\n\`)`
}

/** @param pair paths below the project's folder: operations, and the file that is written out of them */
async function generate({ source, target }) {
  const [schema, text] = await Promise.all(['schema.graphql', source].map((path) => readFile(join(ROOT, path), 'utf8')))
  const document = parse(text)
  const types = await codegen({
    schema: parse(schema),
    filename: target,
    documents: [{ location: source, document }],
    config,
    plugins: [{ operations: {} }],
    pluginMap: { operations },
  })
  const constants = document.definitions
    .filter((definition) => definition.kind === Kind.OPERATION_DEFINITION)
    .map((operation) => documentConstant(document, operation))
  const home = relative(dirname(target), 'client/typed-document.js').replace(/^(?!\.)/, './')
  const parts = [
    `// Written by \`npm run documents\` from ${basename(source)} and schema.graphql. Change those, not this.`,
    `import { typedDocument } from '${home}'`,
    types,
    ...constants,
  ]
  const path = join(ROOT, target)
  return format(parts.join('\n\n'), { ...(await resolveConfig(path)), filepath: path })
}

async function pairs() {
  const sources = await Promise.all(['cli', 'studio'].map(operationsBelow))
  const beside = sources.flat().map((source) => ({ source, target: source.replace(/\.graphql$/, '.documents.ts') }))
  return [{ source: 'client/operations.graphql', target: 'client/documents.ts' }, ...beside]
}

async function operationsBelow(folder) {
  const names = await readdir(join(ROOT, folder), { recursive: true })
  return names
    .filter((name) => name.endsWith('.graphql'))
    .sort()
    .map((name) => join(folder, name))
}

for (const pair of await pairs()) {
  const generated = await generate(pair)
  const path = join(ROOT, pair.target)
  if (!process.argv.includes('--check')) {
    await writeFile(path, generated)
  } else if ((await readFile(path, 'utf8').catch(() => '')) !== generated) {
    console.error(`${pair.target} differs from ${pair.source} and schema.graphql: npm run documents`)
    process.exitCode = 1
  }
}
