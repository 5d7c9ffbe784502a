/** Every document of the table, and every token that is none, over every transport. */
import { ANSWERED, type AbuseCase } from './abuse.case.js'
import { DOCUMENTS, FORGED_TOKENS } from './documents.table.js'
import { TRANSPORTS, type TransportAnswer } from './transports.js'

const VERSION = { query: '{ system { version } }' }

export const DOCUMENTS_BY_TRANSPORT: readonly AbuseCase[] = TRANSPORTS.flatMap(([transport, ask]) => [
  ...DOCUMENTS.map(([name, code = ANSWERED, body]) => ({
    name: `${transport}: ${name}`,
    answer: code,
    send: async (target: { url: string }) => codeOf(await ask(target, body)),
  })),
  ...FORGED_TOKENS.map((authorization) => ({
    name: `${transport}: the token ${JSON.stringify(authorization.slice(0, 60))}`,
    answer: 'UNAUTHENTICATED',
    send: async ({ guardedUrl }: { guardedUrl: string }) =>
      codeOf(await ask({ url: guardedUrl }, VERSION, { authorization })),
  })),
])

/** @throws Error where it says what is nobody's business */
function codeOf({ errors }: TransportAnswer): string {
  const told = JSON.stringify(errors ?? '')
  if (/ at .*\.[jt]s:|prisma|postgres/i.test(told)) throw new Error(`It tells too much: ${told}`)
  return errors?.[0]?.extensions.code ?? ANSWERED
}
