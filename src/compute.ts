/**
 * The compute child: forked and, where need be, killed by a trainer's supervisor. It does one run at a time and stays warm
 * between them.
 */
import { join } from 'node:path'
import { createEngineRoom } from './compute/engine-room.js'
import { reportedStorage } from './compute/reported-storage.js'
import { createRunner } from './compute/runner.js'
import { createSupervisorLink } from './compute/supervisor-link.js'
import { createTrunkSource } from './compute/trunk-source.js'
import { loadConfig } from './config/config.js'
import { settleGpu } from './config/gpu.js'
import { createImageReader } from './images/image.reader.js'
import { openLog } from './monitoring/log.js'
import { openStorage } from './storage/open-storage.js'
import { showDownload } from './weights/show-download.js'

// A signal to the whole process group is the supervisor's to answer: it hands the run over and then ends this process.
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => undefined)
process.on('disconnect', () => process.exit())

const config = loadConfig()
const log = openLog('compute', config)
const link = createSupervisorLink(process)
const storage = reportedStorage(await openStorage(config), link)
const showProgress = showDownload(process.stderr, (progress) => {
  log.info(progress, 'The weights are being fetched.')
})
settleGpu()
const engines = await createEngineRoom(config.engine, config.dataDir)
for (const reason of engines.passedOver) log.warn({ reason }, 'An engine was passed over.')
const runner = createRunner({
  engines,
  storage,
  link,
  log,
  precision: config.trunkPrecision,
  featureCacheBytes: config.featureCacheBytes,
  images: createImageReader(config),
  trunks: createTrunkSource({
    storage,
    weights: config.trunkWeights,
    directory: join(config.dataDir, 'weights'),
    onProgress: (...progress) => {
      link.work()
      showProgress(...progress)
    },
  }),
})
link.listen((message) => {
  if (message.type === 'run') void runner.run(message.task)
  if (message.type === 'help') void runner.help(message.task)
  if (message.type === 'cancel') runner.cancel()
})
link.say({ type: 'ready', engine: engines.info, computations: engines.computations })
