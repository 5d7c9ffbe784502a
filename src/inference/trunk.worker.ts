/** Holds a trunk's session in a thread of its own, and runs it there for whoever asks. */
import { parentPort, workerData } from 'node:worker_threads'
import { inRows, sideOf } from './rows.js'
import { createSeeingTrunkSession, type Sight } from './sessions.js'
import type { TrunkAnswer, TrunkQuestion, TrunkTask, TrunkThreadData } from './trunk-thread.js'

const { graph, options } = workerData as TrunkThreadData
const session = await createSeeingTrunkSession(graph, options)
const send = (answer: TrunkAnswer | 'ready'): void => parentPort?.postMessage(answer)

parentPort?.on('message', ({ id, task }: TrunkQuestion) => {
  perform(task).then(
    (result) => {
      send({ id, result })
    },
    (error: unknown) => {
      send({ id, error })
    },
  )
})
// A question that cannot be read has no id to answer to: whoever asked is told by the end of this thread.
parentPort?.on('messageerror', (error) => {
  throw error
})
send('ready')

async function perform(task: TrunkTask): Promise<Float32Array[] | Sight | null> {
  if (task.what === 'release') return session.release().then(() => null)
  const { pictures, what } = task
  const [first = new Float32Array()] = pictures
  if (what === 'see') return session.see(first, sideOf(first))
  return inRows(pictures, (images) => session.features(images, pictures.length, sideOf(first)))
}
