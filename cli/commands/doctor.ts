import { runProgram } from '../run-program.js'

/**
 * `doctor`: what this machine has and lacks, and whether a server is ready, where one is named.
 * @returns the exit code: 1 where something keeps Graft from working
 */
export function doctor({ json, server }: { json: boolean; server: string | undefined }): Promise<number> {
  const options = [...(json ? ['--json'] : []), ...(server === undefined ? [] : ['--server', server])]
  return runProgram('doctor', options, new AbortController().signal)
}
