/** The parameters of a GraphQL request, as every transport that Apollo does not read for us gets them. */
import { z } from 'zod'
import { badUserInput } from './errors.js'

/** Taken as it is: copying and looking through a hundred thousand variables would cost more than they are worth. */
const map = z
  .custom<Record<string, unknown>>((value) => typeof value === 'object' && value !== null && !Array.isArray(value), {
    error: 'it is no JSON object',
  })
  .nullish()

const parameters = z.object({
  /** Left out where `extensions` name it. */
  query: z.string().nullish(),
  operationName: z.string().nullish(),
  variables: map,
  extensions: map,
})

export type Parameters = z.infer<typeof parameters>

/** Throws BAD_USER_INPUT that names the first parameter that is not what it should be. */
export function readParameters(given: unknown): Parameters {
  const parsed = parameters.safeParse(given)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const name = issue?.path[0]
  throw badUserInput(
    name === undefined ? 'The request is no JSON object.' : `${String(name)}: ${issue?.message ?? ''}.`,
  )
}

/** From a GET's address, where maps are JSON. */
export function readUrlParameters(given: Record<string, unknown>): Parameters {
  const maps = ['variables', 'extensions'].flatMap((name) =>
    given[name] === undefined ? [] : [[name, parseMap(name, given[name])] as const],
  )
  return readParameters({ ...given, ...Object.fromEntries(maps) })
}

function parseMap(name: string, text: unknown): unknown {
  try {
    return JSON.parse(String(text))
  } catch {
    throw badUserInput(`${name} is not JSON.`)
  }
}
