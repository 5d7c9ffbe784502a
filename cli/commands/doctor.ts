import { runProgram } from '../run-program.js'

/** `doctor`: what this machine has and lacks. Fails where something keeps Graft from working. */
export async function doctor(json: boolean): Promise<void> {
  await runProgram('doctor', json ? ['--json'] : [], new AbortController().signal)
}
