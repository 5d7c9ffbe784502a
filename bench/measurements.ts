/** What is measured: Graft and its peer back to back, so that both meet the same machine. */
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chooseEngine } from '../src/engine/choose-engine.js'
import { withTemporaryFolder } from '../cli/temporary-folder.js'
import { bareLoop } from './bare-loop.js'
import { withGraft, type Splits } from './graft.js'
import { runPeer, type PeerResult, type Python } from './peer.js'
import { memoryLine, timeLine, type Line } from './table.js'
import { median, stepSeconds, type StepPlan } from './training-step.js'

export interface Bench {
  /** A folder a class. */
  readonly images: string
  readonly imageSize: number
  /** With torch and torchvision; undefined measures Graft alone. */
  readonly python: Python | undefined
  /** All epochs of the slow peer; else one of them counts for ten. */
  readonly full: boolean
  readonly signal: AbortSignal
  say(text: string): void
}

type Measurement = (bench: Bench) => Promise<Line[]>

const EPOCHS = 10
const KEPT_EPOCHS = 5

/** Pictures that the bare loop has under way: one, as loops are written, and as many as an import has. */
const LOOPS = { 'one picture at a time': 1, 'sixteen at a time': 16 }

/** Of a folder, against loops that do nothing else, before it and after it. */
async function importing({ images, signal }: Bench): Promise<Line[]> {
  const loops = async (): Promise<number[]> => {
    const seconds: number[] = []
    for (const atOnce of Object.values(LOOPS))
      seconds.push(await withTemporaryFolder((folder) => bareLoop(images, join(folder, 'copies'), { atOnce, signal })))
    return seconds
  }
  const before = await loops()
  const { seconds, pictures, peaks } = await withGraft(images, signal, async (graft) => ({
    seconds: graft.importSeconds,
    pictures: graft.splits.train + graft.splits.validation + graft.splits.test,
    peaks: { trainer: await graft.peakBytes(), server: await graft.peakServerBytes() },
  }))
  const after = await loops()
  const lines = Object.keys(LOOPS).map((how, i) =>
    timeLine({
      what: `importing ${String(pictures)} pictures, against a bare loop, ${how}`,
      ours: seconds,
      theirs: ((before[i] as number) + (after[i] as number)) / 2,
    }),
  )
  for (const [process, ours] of Object.entries(peaks)) {
    if (ours !== null) lines.push(memoryLine({ what: `peak memory of the ${process}`, ours, theirs: undefined }))
  }
  return lines
}

async function fineTuning(bench: Bench): Promise<Line[]> {
  const { images, imageSize, full } = bench
  const pixels = `at ${String(imageSize)} px`
  const lines: Line[] = []
  await withGraft(images, bench.signal, async (graft) => {
    const first = await graft.fineTune({ epochs: EPOCHS, imageSize })
    const again = await graft.fineTune({ epochs: EPOCHS, imageSize, learningRate: 0.0005 })
    const peakBytes = await graft.peakBytes()
    bench.say(`Imported in ${graft.importSeconds.toFixed(1)} s, once for all runs; trained by ${first.engine}.`)
    const flags = [...splitFlags(graft.splits), '--epochs', full ? EPOCHS : 1]
    const peer = await askPeer('as_people_write_it.py', bench, flags)
    const theirs = peer && EPOCHS * peer.seconds('epochSeconds') + peer.seconds('testSeconds')
    const note = full ? '' : " (theirs: one epoch's time tenfold)"
    lines.push(
      timeLine({
        what: `${countsOf(graft.splits)} pictures ${pixels}, ${String(EPOCHS)} epochs${note}`,
        ours: first.seconds,
        theirs,
      }),
      timeLine({ what: 'again with another learning rate', ours: again.seconds, theirs }),
    )
    if (peakBytes !== null)
      lines.push(memoryLine({ what: 'peak memory of that', ours: peakBytes, theirs: peer?.peakBytes }))
  })
  return lines
}

async function keptFeatures(bench: Bench): Promise<Line[]> {
  const { images, imageSize } = bench
  const lines: Line[] = []
  await withGraft(images, bench.signal, async (graft) => {
    const { seconds: ours } = await graft.fineTune({ epochs: KEPT_EPOCHS, imageSize })
    const flags = [...splitFlags(graft.splits), '--epochs', KEPT_EPOCHS]
    for (const how of ['eager', 'traced']) {
      const peer = await askPeer('kept_features.py', bench, how === 'traced' ? [...flags, '--traced'] : flags)
      const what = `${String(KEPT_EPOCHS)} epochs, against a script that keeps features, ${how} trunk`
      lines.push(timeLine({ what, ours, theirs: peer?.seconds('seconds') }))
    }
  })
  return lines
}

const HEAD_STEP: StepPlan = { trainableLayers: 'HEAD', batchSize: 64, imageSize: 224, warmUp: 10, steps: 60 }

const NETWORK_STEP: StepPlan = { trainableLayers: 'ALL', batchSize: 16, imageSize: 224, warmUp: 1, steps: 5 }

/** In turns, for what else the machine does changes from one minute to the next; the median of each side's. */
function step(part: 'head' | 'network', plan: StepPlan, { what, turns }: { what: string; turns: number }): Measurement {
  return async ({ python }) => {
    const engine = await chooseEngine(join(tmpdir(), 'graft-bench-engine'))
    const parameters = ['--batch-size', plan.batchSize, '--image-size', plan.imageSize]
    const counts = ['--warm-up', plan.warmUp, '--steps', plan.steps]
    const ours: number[] = []
    const theirs: number[] = []
    for (let turn = 0; turn < turns; turn++) {
      ours.push(await stepSeconds(engine, plan))
      const peer = python && (await runPeer(python, 'training_step.py', [part, ...parameters, ...counts]))
      if (peer) theirs.push(peer.seconds('seconds'))
    }
    engine.dispose()
    const peerSeconds = theirs.length > 0 ? median(theirs) : undefined
    return [timeLine({ what: `${what} (${engine.info.backend})`, ours: median(ours), theirs: peerSeconds })]
  }
}

export const MEASUREMENTS = {
  import: importing,
  'fine-tuning': fineTuning,
  'kept-features': keptFeatures,
  'head-step': step('head', HEAD_STEP, { what: 'head step, batch 64, Adam', turns: 7 }),
  'network-step': step('network', NETWORK_STEP, {
    what: 'step of the whole network, batch 16 at 224 px, Adam',
    turns: 3,
  }),
} satisfies Record<string, Measurement>

async function askPeer(
  script: string,
  { python, images, imageSize }: Bench,
  parameters: readonly (string | number)[],
): Promise<PeerResult | undefined> {
  return python && runPeer(python, script, [images, '--image-size', imageSize, ...parameters])
}

function splitFlags({ train, validation, test }: Splits): (string | number)[] {
  return ['--splits', train, validation, test]
}

function countsOf({ train, validation, test }: Splits): string {
  return [train, validation, test].map(String).join('/')
}
