/** The child for one evaluation or inspection: forked by a trainer's supervisor beside the runs, and killed when it has ended. */
import { join } from 'node:path'
import { evaluationFailure } from './compute/evaluation-failure.js'
import { evaluateTask } from './compute/evaluation-task.js'
import { inspectTask } from './compute/inspection-task.js'
import type { EvaluationTask, InspectionTask } from './compute/messages.js'
import { reportedStorage } from './compute/reported-storage.js'
import { createSupervisorLink } from './compute/supervisor-link.js'
import { createTrunkSource } from './compute/trunk-source.js'
import { loadConfig } from './config/config.js'
import { PictureUnavailableError } from './features/compute-features.js'
import { createImageReader } from './images/image.reader.js'
import { openLog } from './monitoring/log.js'
import { openStorage } from './storage/open-storage.js'

// A signal to the whole process group is the supervisor's to answer: it gives the job back and then ends this process.
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => undefined)
process.on('disconnect', () => process.exit())

const config = loadConfig()
const log = openLog('evaluate', config)
const link = createSupervisorLink(process)
const storage = reportedStorage(await openStorage(config), link)
const trunks = createTrunkSource({
  storage,
  weights: config.trunkWeights,
  directory: join(config.dataDir, 'weights'),
  // A long download is no silence.
  onProgress: () => link.work(),
})
const { featureCacheBytes } = config
const tools = { storage, link, trunks, featureCacheBytes, images: createImageReader(config) }

async function evaluate(task: EvaluationTask): Promise<void> {
  try {
    link.say({ type: 'evaluated', evaluation: await evaluateTask(task, tools) })
  } catch (error) {
    log.error({ err: error, evaluationId: task.evaluationId }, 'The evaluation failed.')
    const picture = error instanceof PictureUnavailableError ? error.picture : null
    link.say({ type: 'failed', failure: evaluationFailure(error, 'evaluate'), picture })
  }
}

async function inspect(task: InspectionTask): Promise<void> {
  try {
    link.say({ type: 'inspected', inspection: await inspectTask(task, tools) })
  } catch (error) {
    log.error({ err: error }, 'The inspection failed.')
    link.say({ type: 'failed', failure: evaluationFailure(error, 'inspect'), picture: null })
  }
}

link.listen((message) => {
  if (message.type === 'evaluate') void evaluate(message.task)
  if (message.type === 'inspect') void inspect(message.task)
})
link.say({ type: 'ready', engine: null, computations: [] })
