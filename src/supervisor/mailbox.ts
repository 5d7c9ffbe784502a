/** Messages in order, for one reader. */
export interface Mailbox<Message> extends AsyncIterable<Message> {
  put(message: Message): void
  /** The reader ends after the messages that are there. */
  close(): void
}

/** @param supersedes whether a message makes the one right before it needless, if that was not read yet */
export function createMailbox<Message>(supersedes: (message: Message, earlier: Message) => boolean): Mailbox<Message> {
  const waiting: Message[] = []
  let closed = false
  let wake = (): void => undefined
  return {
    put: (message) => {
      if (closed) return
      const last = waiting.at(-1)
      if (last !== undefined && supersedes(message, last)) waiting.pop()
      waiting.push(message)
      wake()
    },
    close: () => {
      closed = true
      wake()
    },
    async *[Symbol.asyncIterator]() {
      for (;;) {
        const message = waiting.shift()
        if (message !== undefined) yield message
        else if (closed) return
        else await new Promise<void>((resolve) => (wake = resolve))
      }
    },
  }
}
