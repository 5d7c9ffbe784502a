/** The supervisor's end of the pipe to its compute child, which it starts and may kill. */
import { fork, type ChildProcess } from 'node:child_process'
import { setPriority } from 'node:os'
import { stderr } from 'node:process'
import type { Logger } from 'pino'
import type { EvaluationMessage, Greeting, InspectionMessage, RunMessage, ToCompute } from '../compute/messages.js'
import type { EngineInfo } from '../engine/engine.type.js'
import { forwardLines } from './child-lines.js'
import { createMailbox, type Mailbox } from './mailbox.js'

/** Whoever answers people goes first. */
const NICENESS = 10

type Message = RunMessage | EvaluationMessage | InspectionMessage

export interface ComputeChild<Said extends Message = RunMessage> {
  readonly pid: number
  /** Null: every run that it is given fails with the reason. */
  readonly engine: EngineInfo | null
  readonly alive: boolean
  send(message: ToCompute): void
  /** What it says about its present task, up to the task's ending or its own. */
  messages(): AsyncIterable<Said>
  /** Resolves when it is gone. What it had not said by then is lost. */
  kill(): Promise<void>
}

interface ForkOptions {
  /** Kills it, whatever it is doing. */
  readonly signal: AbortSignal
  /** For what it writes that is no line of its log; on a terminal people see all of it as it comes. */
  readonly log: () => Logger
}

/**
 * Resolves when the child is ready for a task.
 * @param entry path of the built compute.js, or evaluate.js
 * @throws Error if it ends before
 */
export async function forkCompute<Said extends Message = RunMessage>(
  entry: string,
  { signal, log }: ForkOptions,
): Promise<ComputeChild<Said>> {
  const process = fork(entry, {
    ...{ serialization: 'advanced', execArgv: [], signal, killSignal: 'SIGKILL' },
    stdio: ['inherit', 'inherit', stderr.isTTY ? 'inherit' : 'pipe', 'ipc'],
  })
  if (process.stderr !== null) forwardLines(process.stderr, log)
  const mailbox = createMailbox<Said>(supersedes)
  const gone = new Promise((resolve) => process.once('exit', resolve))
  const greeting = new Promise<Greeting>((resolve, reject) => {
    process.on('message', (received) => {
      const message = received as Greeting | Said
      if (message.type === 'ready') resolve(message)
      else mailbox.put(message)
    })
    process.on('error', reject)
    process.on('exit', (code, signal) => {
      reject(new Error(`The compute child ended before it was ready (${String(signal ?? code)}).`))
      mailbox.close()
    })
  })
  lowerPriority(process)
  const { engine } = await greeting
  return childOf(process, { engine, mailbox, gone })
}

function childOf<Said extends Message>(
  process: ChildProcess,
  { engine, mailbox, gone }: { engine: EngineInfo | null; mailbox: Mailbox<Said>; gone: Promise<unknown> },
): ComputeChild<Said> {
  return {
    pid: process.pid as number,
    engine,
    get alive() {
      return process.exitCode === null && process.signalCode === null && process.connected
    },
    send: (message) => {
      // A child that has just died is noticed by its exit, not here.
      if (process.connected) process.send(message, () => undefined)
    },
    messages: () => untilEnding(mailbox),
    kill: async () => {
      mailbox.close()
      process.kill('SIGKILL')
      await gone
    },
  }
}

async function* untilEnding<Said extends Message>(mailbox: Mailbox<Said>): AsyncGenerator<Said> {
  for await (const message of mailbox) {
    yield message
    if (['evaluated', 'inspected', 'failed', 'cancelled'].includes(message.type)) return
  }
}

/** Only the latest progress counts. */
function supersedes(message: Message, earlier: Message): boolean {
  return message.type === 'progress' && earlier.type === 'progress'
}

/** At once, before it starts threads: on Linux a thread inherits its priority. */
function lowerPriority({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) setPriority(pid, NICENESS)
  } catch {
    // It has died already, which its exit tells.
  }
}
