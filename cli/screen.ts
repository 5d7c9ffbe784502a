/** The demo's output: bars that move on a terminal, plain lines anywhere else. */
import { Presets, SingleBar } from 'cli-progress'

export interface Bar {
  update(done: number, total: number): void
  /** Leaves the bar, or one line, as it stands; further calls do nothing. */
  stop(): void
}

export interface Screen {
  line(text?: string): void
  step(title: string): void
  bar(title: string): Bar
}

const TITLE_WIDTH = 11

export function createScreen(out: NodeJS.WriteStream): Screen {
  const line = (text = ''): void => void out.write(`${text}\n`)
  const bold = (text: string): string => (out.isTTY ? `\u001b[1m${text}\u001b[0m` : text)
  return {
    line,
    step: (title) => {
      line(`\n${bold(title)}`)
    },
    bar: (title) => (out.isTTY ? movingBar(title, out) : plainBar(title, line)),
  }
}

function movingBar(title: string, stream: NodeJS.WriteStream): Bar {
  const format = `  ${title.padEnd(TITLE_WIDTH)} {bar} {value}/{total}`
  const bar = new SingleBar({ format, stream, barsize: 40, hideCursor: true }, Presets.shades_classic)
  let state: 'new' | 'moving' | 'stopped' = 'new'
  return {
    update: (done, total) => {
      if (state === 'stopped') return
      // Not before: a bar of 0 out of 0 is drawn as a full one.
      if (state === 'new') bar.start(total, done)
      state = 'moving'
      bar.setTotal(total)
      bar.update(done)
    },
    stop: () => {
      if (state === 'moving') bar.stop()
      state = 'stopped'
    },
  }
}

function plainBar(title: string, line: (text: string) => void): Bar {
  let latest: string | undefined
  return {
    update: (done, total) => {
      latest = `  ${title.padEnd(TITLE_WIDTH)} ${String(done)} of ${String(total)}`
    },
    stop: () => {
      if (latest !== undefined) line(latest)
      latest = undefined
    },
  }
}
