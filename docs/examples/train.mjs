// Training without server or database: `npm run build`, then `node docs/examples/train.mjs`.
import { parseHyperparameters } from '../../dist/src/domain/hyperparameters.js'
import { startEngine } from '../../dist/src/engine/engine.js'
import { createTrunkSession } from '../../dist/src/inference/sessions.js'
import { cutOf, cutShape } from '../../dist/src/network/cut.js'
import { toHalf } from '../../dist/src/network/half.js'
import { drawHead } from '../../dist/src/network/head.js'
import { randomTrunk } from '../../dist/src/network/random.trunk.js'
import { sourceInMemory } from '../../dist/src/training/picture-source.js'
import { train } from '../../dist/src/training/train.js'

const classNames = ['dark', 'light']
const { value: hyperparameters } = parseHyperparameters({ epochs: 5, batchSize: 8, imageSize: 32, hiddenUnits: [16] })
const { imageSize, trainableLayers, seed } = hyperparameters

// Pictures as the network wants them: [count, 3, height, width], normalised. Here: plain ones, half of them light.
const count = 32
const labels = Int32Array.from({ length: count }, (_, i) => i % 2)
const pictures = new Float32Array(count * 3 * imageSize ** 2)
labels.forEach((label, i) => {
  const size = 3 * imageSize ** 2
  for (let at = 0; at < size; at++) pictures[i * size + at] = label - 0.5 + Math.sin(at * (i + 1))
})

// What is frozen runs once. A trained trunk is read by readSafetensors or readPth, from src/network.
const trunk = await createTrunkSession(randomTrunk())
const values = toHalf(await trunk.features(pictures, count, imageSize))
await trunk.release()
const source = sourceInMemory({ values, labels, shape: cutShape(cutOf(trainableLayers), imageSize) })

const engine = await startEngine('wasm')
const network = drawHead({ ...hyperparameters, classCount: classNames.length }, seed)
const run = train({ engine, hyperparameters, classNames, train: source, validation: source, network })
for await (const event of run) {
  if (event.type !== 'epoch') continue
  const { number, trainLoss, validationAccuracy } = event.epoch
  console.log(`epoch ${number}: loss ${trainLoss.toFixed(3)}, accuracy ${validationAccuracy.toFixed(3)}`)
  // event.network is what to keep: writeSafetensors(event.network) makes a file that PyTorch reads too.
}
engine.dispose()
