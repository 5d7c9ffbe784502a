/** What the shell says: to the demo's processes, and about the server that commands talk to. */
import { homedir } from 'node:os'
import { join } from 'node:path'

/** Settings that say where something is kept or who may come in: the demo's are its own. */
const OWN = /^(GRAFT_|HOST$|PORT$|DATABASE_URL$|AWS_)/
/** Settings of the trunk and of the engine are the user's to choose. */
const KEPT = [
  'GRAFT_TRUNK_WEIGHTS',
  'GRAFT_ENGINE',
  'GRAFT_TRUNK_PRECISION',
  'GRAFT_MAX_PIXELS',
  'GRAFT_MAX_IMAGE_BYTES',
]

export type Environment = Readonly<Record<string, string | undefined>>

/** A Graft of the demo's own, whatever the user's is told to serve; on a random trunk unless weights are at hand. */
export function demoEnvironment(settings: Environment, shell: Environment = process.env): Environment {
  const kept = Object.entries(shell).filter(([name, value]) => value !== '' && (!OWN.test(name) || KEPT.includes(name)))
  return { GRAFT_TRUNK_WEIGHTS: 'random', ...Object.fromEntries(kept), ...settings }
}

/** Where this machine's user has what programs remember (XDG Base Directory Specification). */
export function stateFolder(shell: Environment = process.env): string {
  const given = shell['XDG_STATE_HOME'] ?? ''
  return join(given === '' ? join(homedir(), '.local', 'state') : given, 'graft')
}

/** Where the user typed the command: npm runs every script in Graft's own folder, and says where it was called. */
export function callersFolder(shell: Environment = process.env): string {
  const given = shell['INIT_CWD'] ?? ''
  const isOurs = ['graft', 'demo'].includes(shell['npm_lifecycle_event'] ?? '')
  return isOurs && given !== '' ? given : process.cwd()
}

/** Where `npm start` serves, unless told otherwise. */
export const OWN_SERVER = 'http://127.0.0.1:4000'

/** The server that commands talk to, as far as the shell names it. */
export function serverFromEnvironment(shell: Environment = process.env): {
  url: string | undefined
  token: string | undefined
} {
  const given = (name: string): string | undefined => (shell[name] === '' ? undefined : shell[name])
  return { url: given('GRAFT_URL'), token: given('GRAFT_TOKEN') }
}
