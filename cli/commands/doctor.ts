import { runProgram } from '../run-program.js'

/** `doctor`: what this machine has and lacks. @returns the exit code: 1 where something keeps Graft from working */
export function doctor(json: boolean): Promise<number> {
  return runProgram('doctor', json ? ['--json'] : [], new AbortController().signal)
}
