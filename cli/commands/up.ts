import { runProgram } from '../run-program.js'

/** `up`: server and trainer in this terminal, until Ctrl-C. */
export async function up(signal: AbortSignal): Promise<void> {
  await runProgram('start', [], signal)
}
