/** The corpus of abuse, sent to servers of their own: how long each answer takes, and what the server keeps of it. */
import type { AbuseCase, AbuseTarget } from '../abuse/abuse.case.js'
import { GUARDED_SETTINGS, OPEN_SETTINGS } from '../abuse/abuse.case.js'
import { ABUSE } from '../abuse/abuse.cases.js'
import { quantile } from './requests.js'
import { withStage } from './stage.js'

const ROUNDS = 3
const WITHIN_MS = 1_000
const LONG_MS = 10_000

export interface Abuse {
  readonly cases: number
  /** Of each round: cells of a table. */
  readonly rounds: readonly (readonly string[])[]
  /** Those that took longer than they may, or were answered in another way. */
  readonly faults: readonly string[]
}

interface Taken {
  readonly sent: AbuseCase
  readonly milliseconds: number
  readonly said: string
}

/** More than once: what a first round leaves is what is made once, compiled code and stores that are bounded. */
export async function measureAbuse(interrupted: Promise<never>): Promise<Abuse> {
  const rounds: string[][] = []
  const faults: string[] = []
  const plan = { servers: [OPEN_SETTINGS, GUARDED_SETTINGS], hasTrainer: true, interrupted }
  await withStage(plan, async ({ servers }) => {
    const [open, guarded] = servers.map(({ url }) => url.replace(/\/graphql$/, '')) as [string, string]
    const held = async (): Promise<string> => {
      const bytes = await Promise.all(servers.map((server) => server.heldBytes()))
      return `${(bytes.reduce((sum, each) => sum + each) / 1e6).toFixed(1)} MB`
    }
    let before = await held()
    for (let round = 1; round <= ROUNDS; round++) {
      const taken = await sendAll({ url: open, guardedUrl: guarded }, { stalling: round === ROUNDS })
      const after = await held()
      rounds.push([`round ${String(round)}`, ...slowestOf(taken), before, after])
      faults.push(...taken.filter(isFault).map(tell))
      before = after
    }
  })
  return { cases: ABUSE.length, rounds, faults }
}

/** One after the other, and together those that stall for long: once is enough for them. */
async function sendAll(target: AbuseTarget, { stalling }: { stalling: boolean }): Promise<Taken[]> {
  const stalls = ({ limitMs = 0 }: AbuseCase): boolean => limitMs > LONG_MS
  const taken: Taken[] = []
  for (const sent of ABUSE.filter((each) => !stalls(each))) taken.push(await take(sent, target))
  return stalling ? [...taken, ...(await Promise.all(ABUSE.filter(stalls).map((sent) => take(sent, target))))] : taken
}

async function take(sent: AbuseCase, target: AbuseTarget): Promise<Taken> {
  const startedAt = performance.now()
  const said = await sent.send(target).catch(String)
  return { sent, said, milliseconds: performance.now() - startedAt }
}

/** The median, and the slowest with its name. */
function slowestOf(taken: readonly Taken[]): string[] {
  const timed = taken.filter(({ sent }) => sent.limitMs === undefined)
  const slowest = timed.reduce((a, b) => (b.milliseconds > a.milliseconds ? b : a))
  const median = quantile(
    timed.map(({ milliseconds }) => milliseconds),
    0.5,
  )
  return [`${median.toFixed(1)} ms`, `${slowest.milliseconds.toFixed(0)} ms (${slowest.sent.name})`]
}

function isFault({ sent, said, milliseconds }: Taken): boolean {
  return said !== sent.answer || milliseconds > (sent.limitMs ?? WITHIN_MS)
}

function tell({ sent, said, milliseconds }: Taken): string {
  return `${sent.name}: ${said} after ${milliseconds.toFixed(0)} ms; ${sent.answer} was due.`
}
