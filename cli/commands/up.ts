import { runProgram } from '../run-program.js'

/** `up`: server and trainer in this terminal, until Ctrl-C. @returns the exit code */
export function up(signal: AbortSignal): Promise<number> {
  return runProgram('start', [], signal)
}
