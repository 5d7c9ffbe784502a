/**
 * `npm run graft -- doctor`: looks at this machine and its settings, one finding a line, each with what to do. Changes
 * nothing. Ends with 1 where something keeps Graft from working.
 */
import { parseArgs } from 'node:util'
import { ConfigError, loadConfig } from './config/config.js'
import { examine, type Finding } from './doctor/examine.js'

const SUBJECT =
  "This machine, with this shell's settings; a server that runs already has those that it was started with."
const MARKS = { good: 'ok   ', note: 'note ', bad: 'WRONG' } as const

const { values } = parseArgs({ options: { json: { type: 'boolean', default: false }, server: { type: 'string' } } })
const findings = await findingsOf()
if (values.json) process.stdout.write(`${JSON.stringify(findings, null, 2)}\n`)
else process.stdout.write(`${SUBJECT}\n${findings.map((finding) => `${lineOf(finding)}\n`).join('')}`)
process.exit(findings.some(({ state }) => state === 'bad') ? 1 : 0)

async function findingsOf(): Promise<Finding[]> {
  try {
    return await examine(loadConfig(), values.server?.replace(/\/(graphql\/?)?$/, ''))
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return [{ what: 'settings', state: 'bad', found: error.message, remedy: 'Correct these settings.' }]
  }
}

function lineOf({ what, state, found, remedy }: Finding): string {
  return `${MARKS[state]}  ${what.padEnd(10)} ${found}${remedy === undefined ? '' : `\n${' '.repeat(18)}${remedy}`}`
}
