/** Other programs that installing needs: what is missing or fails is said with the way out. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Something that the user has to mend; the message says how. */
export class InstallError extends Error {
  override readonly name = 'InstallError'
}

export interface CommandMessages {
  /** Where there is no such program. */
  readonly missing: string
  /** Where it ends with an error, whose last lines follow. */
  readonly failed: string
}

export const PYTHON = 'python3'

/**
 * @returns what it wrote to its standard output
 * @throws InstallError
 */
export async function command(program: string, args: readonly string[], messages: CommandMessages): Promise<string> {
  try {
    const { stdout } = await run(program, args, { maxBuffer: 64 * 1024 * 1024 })
    return stdout
  } catch (cause) {
    const { code, stderr = '' } = cause as { code?: string | number; stderr?: string }
    if (code === 'ENOENT') throw new InstallError(messages.missing, { cause })
    throw new InstallError([messages.failed, ...stderr.trim().split('\n').slice(-5)].join('\n'), { cause })
  }
}

/** Says at once, before gigabytes are fetched, what is missing. */
export async function requireTools(): Promise<void> {
  await command(PYTHON, ['-m', 'pip', '--version'], {
    missing: 'python3 is missing. Install it together with pip (Debian: apt-get install python3 python3-pip).',
    failed: 'python3 has no pip. Install it (Debian: apt-get install python3-pip).',
  })
  await command('g++', ['--version'], {
    missing: 'g++ is missing. Install a C++17 compiler (Debian: apt-get install g++).',
    failed: 'g++ does not start. Install a C++17 compiler (Debian: apt-get install g++).',
  })
}
