/** The reference experiment: Kaggle's dogs vs cats, a 2048-1024-256-2 head on a frozen ResNet-50. */
import type { CommandContext } from '../context.js'
import { expectImported, tellImport } from '../import-progress.js'
import { sendAndImport } from './import.js'
import { train } from './train.js'

const DATASET = 'dogs-vs-cats'
/** Pictures of each class, as the reference split them. */
const SPLIT = { perClass: { train: 9_199, validation: 1_001, test: 2_300 } }
/** What the reference reached on its 4,600 test pictures. */
const REFERENCE = `The reference, in PyTorch:

               f1-score  precision    recall  support
         cat   0.983007   0.972754  0.993478     2300
         dog   0.982641   0.993336  0.972174     2300
   micro avg   0.982826   0.982826  0.982826     4600
   macro avg   0.982824   0.983045  0.982826     4600
weighted avg   0.982824   0.983045  0.982826     4600`

/** `reproduce dogs-vs-cats`: imports Kaggle's folder, trains as the reference did, and shows both reports. */
export async function reproduceDogsVsCats(context: CommandContext, data: string): Promise<void> {
  const imported = await sendAndImport(context, data, DATASET)
  tellImport(context.terminal.screen, imported)
  expectImported(imported)
  await train(context, {
    dataset: DATASET,
    name: 'dogs vs cats, as the reference',
    cancelOnExit: false,
    split: SPLIT,
    hyperparameters: {},
  })
  context.terminal.screen.line(`\n${REFERENCE}`)
}
