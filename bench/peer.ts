/** A PyTorch script of bench/peers as a process of its own. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { z } from 'zod'
import { projectFile } from '../src/config/project-root.js'

const figures = z.looseObject({ peakBytes: z.number(), torch: z.string() }).catchall(z.union([z.number(), z.string()]))
const run = promisify(execFile)

export interface PeerResult {
  readonly torch: string
  readonly peakBytes: number
  /** What the script itself measured, in seconds: loading Python and PyTorch is not counted. */
  seconds(figure: string): number
}

export interface Python {
  readonly path: string
  /** Ends the script. */
  readonly signal: AbortSignal
}

/** @throws Error with what the script said */
export async function runPeer(
  { path, signal }: Python,
  script: string,
  parameters: readonly (string | number)[],
): Promise<PeerResult> {
  const { stdout } = await run(path, [projectFile('bench', 'peers', script), ...parameters.map(String)], { signal })
  const found = figures.parse(JSON.parse(stdout.trim().split('\n').at(-1) ?? ''))
  return {
    ...found,
    seconds: (figure) => z.number({ error: `${script} does not report ${figure}` }).parse(found[figure]),
  }
}
