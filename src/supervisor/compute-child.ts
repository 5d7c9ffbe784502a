/** The supervisor's end of the pipe to its compute child, which it starts and may kill. */
import { fork, type ChildProcess } from 'node:child_process'
import { setPriority } from 'node:os'
import { stderr } from 'node:process'
import type { Logger } from 'pino'
import type {
  EvaluationMessage,
  Greeting,
  HelpMessage,
  InspectionMessage,
  RunMessage,
  ToCompute,
  Working,
} from '../compute/messages.js'
import type { EngineInfo } from '../engine/engine.type.js'
import { forwardLines } from './child-lines.js'
import { createMailbox, type Mailbox } from './mailbox.js'
import { createSilenceWatch, type SilenceWatch } from './silence.watch.js'

/** Whoever answers people goes first. */
const NICENESS = 10

type Message = RunMessage | EvaluationMessage | InspectionMessage | HelpMessage

export interface ComputeChild {
  readonly pid: number
  /** Null: every run that it is given fails with the reason. */
  readonly engine: EngineInfo | null
  /** Of trunks, that it can do. */
  readonly computations: readonly string[]
  readonly alive: boolean
  send(message: ToCompute): void
  /** What it says about its present task, up to the task's ending or its own; it is killed if it hangs meanwhile. */
  messages<Said extends Message>(): AsyncIterable<Said>
  /** Resolves when it is gone. What it had not said by then is lost. */
  kill(): Promise<void>
}

export interface ChildOptions {
  /** Path of the built compute.js, or evaluate.js. */
  readonly entry: string
  /** Kills it, whatever it is doing. */
  readonly signal: AbortSignal
  /** It is taken for hanging after no shorter silence than this. */
  readonly stallMs: number
  /** Also for what it writes that is no line of its log; on a terminal people see all of it as it comes. */
  readonly log: () => Logger
  /** 10 if left out. */
  readonly niceness?: number
}

/**
 * Resolves when the child is ready for a task.
 * @throws Error if it ends before
 */
export async function forkCompute(options: ChildOptions): Promise<ComputeChild> {
  const { entry, signal, log, niceness = NICENESS } = options
  const process = fork(entry, {
    ...{ serialization: 'advanced', execArgv: [], signal, killSignal: 'SIGKILL' },
    stdio: ['inherit', 'inherit', stderr.isTTY ? 'inherit' : 'pipe', 'ipc'],
  })
  if (process.stderr !== null) forwardLines(process.stderr, log)
  const mailbox = createMailbox<Message | Working>(supersedes)
  const gone = new Promise((resolve) => process.once('exit', resolve))
  const greeting = new Promise<Greeting>((resolve, reject) => {
    process.on('message', (received) => {
      const message = received as Greeting | Working | Message
      if (message.type === 'ready') resolve(message)
      else mailbox.put(message)
    })
    process.on('error', reject)
    process.on('exit', (code, signal) => {
      reject(new Error(`The compute child ended before it was ready (${String(signal ?? code)}).`))
      mailbox.close()
    })
  })
  lowerPriority(process, niceness)
  const silence = (): SilenceWatch => watchSilence(process, options)
  return childOf(process, { greeting: await silence().during(greeting), mailbox, gone, silence })
}

/** Stopped processes and those that wait for a lost file system or driver do not end by themselves. */
function watchSilence(process: ChildProcess, { stallMs, log }: ChildOptions): SilenceWatch {
  return createSilenceWatch({
    leastMs: stallMs,
    onHang: (silentMs) => {
      log().error({ pid: process.pid, silentMs }, 'The compute child has been silent for too long; it is killed.')
      process.kill('SIGKILL')
    },
  })
}

interface ChildParts {
  readonly greeting: Greeting
  readonly mailbox: Mailbox<Message | Working>
  readonly gone: Promise<unknown>
  readonly silence: () => SilenceWatch
}

function childOf(process: ChildProcess, { greeting, mailbox, gone, silence }: ChildParts): ComputeChild {
  const { engine, computations } = greeting
  return {
    pid: process.pid as number,
    engine,
    computations,
    get alive() {
      // Once killed it may take its time to go, but it takes no run any more.
      return !process.killed && process.exitCode === null && process.signalCode === null && process.connected
    },
    send: (message) => {
      // A child that has just died is noticed by its exit, not here.
      if (process.connected) process.send(message, () => undefined)
    },
    messages: <Said extends Message>() => untilEnding(mailbox as Mailbox<Said | Working>, silence()),
    kill: async () => {
      mailbox.close()
      process.kill('SIGKILL')
      await gone
    },
  }
}

async function* untilEnding<Said extends Message>(
  mailbox: Mailbox<Said | Working>,
  silence: SilenceWatch,
): AsyncGenerator<Said> {
  const reader = mailbox[Symbol.asyncIterator]()
  for (;;) {
    const next = await silence.during(reader.next())
    if (next.done === true) return
    const message = next.value
    if (isWork(message)) {
      silence.expect(message.silenceMs)
      continue
    }
    yield message
    if (['evaluated', 'inspected', 'helped', 'failed', 'cancelled'].includes(message.type)) return
  }
}

function isWork(message: Message | Working): message is Working {
  return message.type === 'working'
}

/** Only the latest progress counts, and a sign of life no longer than until the next word. */
function supersedes(message: Message | Working, earlier: Message | Working): boolean {
  if (isWork(earlier)) return earlier.silenceMs === 0
  return message.type === 'progress' && earlier.type === 'progress'
}

/** At once, before it starts threads: on Linux a thread inherits its priority. */
function lowerPriority({ pid }: ChildProcess, niceness: number): void {
  try {
    if (pid !== undefined) setPriority(pid, niceness)
  } catch {
    // It has died already, which its exit tells.
  }
}
