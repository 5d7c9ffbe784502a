/** `npm run bench:serving`: how quickly pictures are classified, and beside what. docs/benchmarks.md says what it means. */
import { availableParallelism, cpus, loadavg } from 'node:os'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Command, Option } from 'commander'
import { listenForInterruption } from '../cli/interruption.js'
import { wholeNumber } from '../cli/number-argument.js'
import { withTemporaryFolder } from '../cli/temporary-folder.js'
import { createImageReader } from '../src/images/image.reader.js'
import { quantile } from './api/requests.js'
import { withStage, type Stage } from './api/stage.js'
import { interruptible } from './interruptible.js'
import { drawPictures } from './pictures.js'
import { openBareNetwork } from './serving/bare-network.js'
import { asking, classify, overload } from './serving/callers.js'
import { batchedByHand, CALLERS, compete, served, type Contestant, type Figures } from './serving/contest.js'
import { measureMemory } from './serving/memory.js'
import { startPeerServer } from './serving/peer-server.js'
import { ALIAS, seedModels, type SeededModels } from './serving/seeded-models.js'
import { markdown } from './table.js'

interface Options {
  readonly rounds: number
  readonly requests: number
  readonly seconds: number
  readonly checkpoints: number
  readonly python?: string
}

const options = new Command('npm run bench:serving --')
  .description(
    'Classifies one picture by a server that is a process of its own, in turns with a bare loop and FastAPI.',
  )
  .option('--rounds <count>', 'of turns', wholeNumber(3), 5)
  .option('--requests <count>', 'one at a time, in each turn', wholeNumber(4), 40)
  .option('--seconds <count>', `of ${String(CALLERS)} at once, in each turn`, wholeNumber(4), 10)
  .option('--checkpoints <count>', 'of one trunk that are served together', wholeNumber(3), 20)
  .addOption(
    new Option('--python <path>', 'a Python with torch, torchvision, fastapi and uvicorn').env('GRAFT_BENCH_PYTHON'),
  )
  .parse()
  .opts<Options>()

const interruption = listenForInterruption(process)
const { signal, interrupted } = interruption
const say = (text: string): void => void process.stderr.write(`${text}\n`)
const ms = (milliseconds: number): string => `${milliseconds.toFixed(1)} ms`
const pace = (perSecond: number): string => `${perSecond.toFixed(1)} /s`
const megabytes = (bytes: number): string => `${String(Math.round(bytes / 1e6))} MB`
const times = (ratio: number): string => `${ratio.toFixed(2)}x`

interface Scene {
  readonly url: string
  readonly picture: Buffer
  readonly stage: Stage
  readonly models: SeededModels
}

type Rows = readonly (readonly string[])[]

async function memoryRows({ stage, models, picture }: Scene): Promise<Rows> {
  const [one, other] = stage.servers
  if (one === undefined || other === undefined) throw new Error('There are no two servers')
  const memory = await measureMemory([one, other], models, picture.toString('base64'))
  if (memory === null) return []
  const { oneBytes, allBytes, share } = memory
  const what = `memory of ${String(models.checkpointIds.length)} checkpoints of one trunk over one, beyond the heads' own`
  return [[what, megabytes(allBytes), megabytes(oneBytes), `${(100 * share).toFixed(1)} %`]]
}

async function contestRows(
  { url, picture, stage, models }: Scene,
  folder: string,
): Promise<{ rows: Rows; graft: Figures }> {
  const base64 = picture.toString('base64')
  const bare = await openBareNetwork(models.network, stage.databaseUrl)
  const peer = options.python === undefined ? undefined : await startPeerServer(options.python, folder)
  const contestants: Record<string, Contestant> = {
    graft: served(() => classify(url, base64, { alias: ALIAS })),
    bare: batchedByHand(bare.classify, picture),
    int8: served(() => classify(url, base64, { checkpointId: models.int8Id })),
    ...(peer === undefined ? {} : { peer: served(() => askPeer(peer.url, base64)) }),
  }
  try {
    const { graft, bare: loop, int8, peer: fastapi } = await compete(contestants, { ...options, signal })
    if (graft === undefined || loop === undefined || int8 === undefined) throw new Error('Nothing was measured')
    const rows = [
      ['one at a time, p50, against a bare loop', ms(graft.p50), ms(loop.p50), times(graft.p50 / loop.p50)],
      [`${String(CALLERS)} at once, against a bare loop batched by hand`, ...paces(graft, loop)],
      ...(fastapi === undefined
        ? []
        : [
            [`${String(CALLERS)} at once, against FastAPI and PyTorch (eager)`, ...paces(graft, fastapi)],
            ['the same with an int8 trunk', ...paces(int8, fastapi)],
            ['one at a time, p50, against FastAPI', ms(graft.p50), ms(fastapi.p50), times(graft.p50 / fastapi.p50)],
          ]),
      ['one at a time, p50, with an int8 trunk', ms(int8.p50), ms(loop.p50), times(int8.p50 / loop.p50)],
    ]
    return { rows, graft }
  } finally {
    await bare.close()
    await peer?.close()
  }
}

function paces(ours: Figures, theirs: Figures): string[] {
  return [pace(ours.perSecond), pace(theirs.perSecond), times(ours.perSecond / theirs.perSecond)]
}

async function askPeer(url: string, base64: string): Promise<void> {
  const headers = { 'content-type': 'application/json' }
  const answer = await fetch(`${url}/classify`, { method: 'POST', headers, body: JSON.stringify({ base64 }) })
  if (!answer.ok) throw new Error(`FastAPI answers ${String(answer.status)}`)
  await answer.json()
}

async function overloadRows({ url, picture }: Scene, graft: Figures): Promise<Rows> {
  const load = { perSecond: 2 * graft.perSecond, seconds: options.seconds * 2 }
  const { answered, refused } = await overload(load, asking(url, picture.toString('base64'), { alias: ALIAS }))
  const [p50, p99] = [quantile(answered, 0.5), quantile(answered, 0.99)]
  const at = `at ${pace(load.perSecond)}, twice what it can hold`
  const share = `${((100 * refused.length) / (answered.length + refused.length)).toFixed(0)} % refused`
  return [
    [`${at}: answered, p99 against p50`, ms(p99), ms(p50), times(p99 / p50)],
    [
      `${at}: answered, p99 against p50 of ${String(CALLERS)} at once`,
      ms(p99),
      ms(graft.p50OfMany),
      times(p99 / graft.p50OfMany),
    ],
    [`${at}: refused, p99, against p50 of the refused`, ms(quantile(refused, 0.99)), ms(quantile(refused, 0.5)), share],
  ]
}

async function measure(folder: string): Promise<void> {
  await drawPictures(folder, 1)
  const picture = await readFile(join(folder, 'dark', '0.jpg'))
  const pixels = await createImageReader({ maxPixels: 1e6, maxImageBytes: 1e6 }).preprocess(picture, 224)
  let models: SeededModels | undefined
  await withStage(
    {
      servers: [{}, {}],
      interrupted,
      seed: async (prisma, dataDir) => {
        models = await seedModels({ prisma, dataDir }, options.checkpoints, pixels)
      },
    },
    async (stage) => {
      const [server] = stage.servers
      if (server === undefined || models === undefined) throw new Error('There is no server')
      const scene = { url: server.url, picture, stage, models }
      say('memory …')
      const memory = await memoryRows(scene)
      say('in turns …')
      const { rows, graft } = await contestRows(scene, folder)
      say('too much …')
      const late = await overloadRows(scene, graft)
      process.stdout.write(`${markdown(['', 'Graft', 'beside', 'ratio'], [...rows, ...memory, ...late])}\n`)
    },
  )
}

const load = loadavg()[0]?.toFixed(1) ?? 'unknown'
say(`${cpus()[0]?.model ?? 'A processor'}, ${String(availableParallelism())} cores; load before: ${load}.`)
if (options.python === undefined)
  say('Without a Python with torch and FastAPI (--python or GRAFT_BENCH_PYTHON) that is not measured.')
await interruptible(withTemporaryFolder(measure), interruption)
