/** GRAFT_TRUSTED_DOCUMENTS: a JSON object of hashes and documents, each proved against the schema and the limits. */
import { readFile } from 'node:fs/promises'
import { parse, validate, type GraphQLSchema } from 'graphql'
import { z } from 'zod'
import { ConfigError } from '../config/config.js'
import type { TrustedDocuments } from './documents.js'
import { limitError, type QueryLimits } from './limits.js'

const file = z.record(z.string(), z.string())

/** Throws ConfigError with every problem of the file at once. */
export async function readTrustedDocuments(
  path: string,
  rules: { schema: GraphQLSchema; limits: QueryLimits },
): Promise<TrustedDocuments> {
  const documents = await readJson(path)
  const problems = Object.entries(documents).flatMap(([hash, text]) =>
    problemsOf(text, rules).map((problem) => `document ${hash}: ${problem}`),
  )
  if (problems.length > 0) throw configError(path, problems)
  return new Map(Object.entries(documents))
}

async function readJson(path: string): Promise<Record<string, string>> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw configError(path, [`cannot be read (${(error as NodeJS.ErrnoException).code ?? String(error)})`])
  })
  try {
    return file.parse(JSON.parse(text))
  } catch {
    throw configError(path, ['is not a JSON object of hashes and documents'])
  }
}

function problemsOf(text: string, { schema, limits }: { schema: GraphQLSchema; limits: QueryLimits }): string[] {
  try {
    const document = parse(text)
    const tooMuch = limitError({ schema, document, variables: {} }, limits)
    return [...validate(schema, document), ...(tooMuch === undefined ? [] : [tooMuch])].map(({ message }) => message)
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)]
  }
}

function configError(path: string, problems: readonly string[]): ConfigError {
  return new ConfigError(problems.map((problem) => `GRAFT_TRUSTED_DOCUMENTS: ${path}: ${problem}`))
}
