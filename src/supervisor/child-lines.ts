/** What a child writes to its stderr, in the supervisor's stream: its log's lines as they are, anything else as one of ours. */
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import type { Logger } from 'pino'

/** How every line of our own logs begins. */
const OWN_LINE = '{"level":"'

/** @param log asked for with each line: by then the child may have another task */
export function forwardLines(from: Readable, log: () => Logger): void {
  const lines = createInterface({ input: from, crlfDelay: Infinity })
  lines.on('line', (line) => {
    if (line.startsWith(OWN_LINE)) process.stderr.write(`${line}\n`)
    // TensorFlow, ONNX Runtime and Node itself, on their way down too.
    else if (line.trim() !== '') log().warn({ from: 'stderr' }, line)
  })
}
