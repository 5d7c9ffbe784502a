/** One answer as server-sent events: written as fast as its reader reads, and never ahead of it. */
import type { ServerResponse } from 'node:http'
import type { ExecutionResult } from 'graphql'
import { isStream, type Answer } from './execute.js'

/** Between comments that keep proxies from closing a quiet stream. Who takes nothing for as long is let go. */
const HEARTBEAT_MS = 12_000

export class EventStream {
  #writing = false
  #stalled = false
  readonly #heartbeat: NodeJS.Timeout

  constructor(
    private readonly response: ServerResponse,
    headers: Record<string, string>,
    heartbeatMs = HEARTBEAT_MS,
  ) {
    response.on('error', () => response.destroy())
    response.writeHead(200, {
      ...headers,
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      // Nginx would hold events back.
      'x-accel-buffering': 'no',
    })
    this.#heartbeat = setInterval(() => this.#beat(), heartbeatMs)
  }

  /** Until the answer is complete or the reader has gone: then the answer is told to end at once. */
  async send(answer: Answer): Promise<void> {
    const results = isStream(answer) ? answer : once(answer)
    const leave = (): void => void results.return?.()
    this.response.once('close', leave)
    try {
      // Some browsers tell of an open stream only when its first byte comes.
      await this.#write(':\n\n')
      // What is not written yet is not asked for: a slow reader holds one event here.
      for await (const result of results) {
        if (this.#hasGone()) return
        await this.#write(`event: next\ndata: ${JSON.stringify(result)}\n\n`)
      }
      await this.#write('event: complete\ndata:\n\n')
    } finally {
      this.response.off('close', leave)
      this.close()
    }
  }

  /** Without `complete`: to a client that is a lost connection, and it may ask again elsewhere. */
  close(): void {
    clearInterval(this.#heartbeat)
    this.response.end()
  }

  #write(text: string): Promise<void> {
    const { response } = this
    if (this.#hasGone()) return Promise.resolve()
    this.#writing = true
    return new Promise((resolve) => {
      const done = (): void => {
        response.off('close', done)
        this.#writing = this.#stalled = false
        resolve()
      }
      response.once('close', done)
      response.write(text, done)
    })
  }

  #hasGone(): boolean {
    return this.response.destroyed || this.response.writableEnded
  }

  #beat(): void {
    if (this.#stalled) this.response.destroy()
    else if (this.#writing) this.#stalled = true
    else void this.#write(':\n\n')
  }
}

async function* once(result: ExecutionResult): AsyncGenerator<ExecutionResult, void> {
  yield await Promise.resolve(result)
}
