// Writes client/documents.ts: the types and the texts of the operations in client/operations.graphql, as schema.graphql
// has them. `--check` writes nothing and fails where the committed file differs.
import { codegen } from '@graphql-codegen/core'
import * as operations from '@graphql-codegen/typescript-operations'
import { Kind, parse, print, visit } from 'graphql'
import { readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { format, resolveConfig } from 'prettier'

const root = new URL('../', import.meta.url)
const target = fileURLToPath(new URL('client/documents.ts', root))

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

async function generate() {
  const [schema, source] = await Promise.all(
    ['schema.graphql', 'client/operations.graphql'].map((path) => readFile(new URL(path, root), 'utf8')),
  )
  const document = parse(source)
  const types = await codegen({
    schema: parse(schema),
    filename: 'documents.ts',
    documents: [{ location: 'client/operations.graphql', document }],
    config,
    plugins: [{ operations: {} }],
    pluginMap: { operations },
  })
  const constants = document.definitions
    .filter((definition) => definition.kind === Kind.OPERATION_DEFINITION)
    .map((operation) => documentConstant(document, operation))
  const text = [
    '// Written by `npm run documents` from operations.graphql and schema.graphql. Change those, not this.',
    "import { typedDocument } from './typed-document.js'",
    types,
    ...constants,
  ].join('\n\n')
  return format(text, { ...(await resolveConfig(target)), filepath: target })
}

const generated = await generate()
if (!process.argv.includes('--check')) {
  await writeFile(target, generated)
} else if ((await readFile(target, 'utf8').catch(() => '')) !== generated) {
  console.error('client/documents.ts differs from client/operations.graphql and schema.graphql: npm run documents')
  process.exitCode = 1
}
