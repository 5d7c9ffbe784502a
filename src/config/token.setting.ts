import { z } from 'zod'

export const TOKEN_SCOPES = ['read', 'classify', 'write', 'admin'] as const
export type TokenScope = (typeof TOKEN_SCOPES)[number]

export interface Token {
  readonly name: string
  readonly scopes: readonly TokenScope[]
  readonly secret: string
}

const scopes = z
  .string()
  .transform((text) => text.split('+'))
  .pipe(z.array(z.enum(TOKEN_SCOPES, { error: `scopes are ${TOKEN_SCOPES.join(', ')}, joined by "+"` })).min(1))

const token = z.object({
  name: z.string().regex(/^[^\p{Cc}\s]{1,200}$/u, { error: 'a name is 1-200 characters without spaces' }),
  scopes,
  secret: z.string().min(16, { error: 'a secret is 16 characters or more' }),
})

/** `name:scope+scope:secret`, `,`-separated. Messages name a token by its place, never by its text: it holds the secret. */
export const tokens = z
  .string()
  .optional()
  .transform((text, context): Token[] => {
    const entries = text === undefined ? [] : text.split(',')
    return entries.flatMap((entry, index) => parseToken(entry.trim(), `token ${String(index + 1)}`, context))
  })
  .superRefine((parsed, context) => {
    if (new Set(parsed.map(({ name }) => name)).size < parsed.length) context.addIssue('two tokens have the same name')
    if (new Set(parsed.map(({ secret }) => secret)).size < parsed.length) {
      context.addIssue('two tokens have the same secret')
    }
  })

function parseToken(entry: string, place: string, context: z.RefinementCtx): Token[] {
  const [name, scopesText, secret, ...rest] = entry.split(':')
  if (secret === undefined || rest.length > 0) {
    context.addIssue(`${place} is not name:scope+scope:secret (secrets are without "," and ":")`)
    return []
  }
  const parsed = token.safeParse({ name, scopes: scopesText, secret })
  if (parsed.success) return [parsed.data]
  for (const issue of parsed.error.issues) context.addIssue(`${place}: ${issue.message}`)
  return []
}
