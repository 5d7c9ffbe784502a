/** Ctrl-C and its kin as something to wait for, so that whatever was started is stopped in order. */
const EXIT_CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const

export interface Interruption {
  readonly signal: AbortSignal
  /** Rejects once the process is told to stop. */
  readonly interrupted: Promise<never>
  /** What the shell expects after a signal; undefined without one. */
  readonly exitCode: () => number | undefined
}

export function listenForInterruption(program: NodeJS.Process): Interruption {
  const controller = new AbortController()
  let code: number | undefined
  const interrupted = new Promise<never>((_, reject) => {
    controller.signal.addEventListener('abort', () => {
      reject(controller.signal.reason as Error)
    })
  })
  interrupted.catch(() => undefined)
  for (const [name, exitCode] of Object.entries(EXIT_CODES)) {
    program.on(name, () => {
      code ??= exitCode
      controller.abort(new Error('Interrupted: everything is stopped and removed.'))
    })
  }
  // Whoever reads the output has gone (`| head`): there is nobody left to show anything.
  program.stdout.on('error', (error) => {
    controller.abort(error)
  })
  return { signal: controller.signal, interrupted, exitCode: () => code }
}
