/** Shows how far a download is: as a bar to whoever looks at a terminal, else in the log, a line for each tenth. */
import { Presets, SingleBar } from 'cli-progress'

const MEGABYTE = 1e6

/** @returns what `downloadWeights` calls with the bytes so far and in all, null where the server does not say */
export function showDownload(
  stream: NodeJS.WriteStream,
  say: (progress: { received: number; total: number | null }) => void,
): (received: number, total: number | null) => void {
  return stream.isTTY ? bar(stream) : tenths(say)
}

function bar(stream: NodeJS.WriteStream): (received: number, total: number | null) => void {
  const format = 'Weights {bar} {value} of {total} MB'
  const shown = new SingleBar({ format, stream, barsize: 40 }, Presets.shades_classic)
  let running = false
  return (received, total) => {
    const [done, all] = [received, total ?? 0].map((bytes) => Math.round(bytes / MEGABYTE)) as [number, number]
    if (running) shown.update(done)
    else shown.start(all, done)
    running = received !== total
    if (!running) shown.stop()
  }
}

function tenths(
  say: (progress: { received: number; total: number | null }) => void,
): (received: number, total: number | null) => void {
  let last = -1
  return (received, total) => {
    // Where the end is not known, ten megabytes count as a tenth of 100.
    const tenth = Math.floor((10 * received) / (total ?? 100 * MEGABYTE))
    if (tenth === last) return
    last = tenth
    say({ received, total })
  }
}
