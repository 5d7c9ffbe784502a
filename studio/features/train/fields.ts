/** The form's fields, each explained in a sentence, and how what was typed becomes the mutation's input. */
import { NOT_A_NUMBER, numberOf } from '../../components/number-text.js'
import type { HyperparametersInput } from './queries/train.documents.js'

export type FieldName = Exclude<keyof HyperparametersInput, 'earlyStopping'> | 'patience' | 'minDelta'
export type Values = Readonly<Record<FieldName, string>>

export interface FormField {
  readonly name: FieldName
  readonly label: string
  readonly hint: string
  /** A choice of these, a switch, or text that is a number, or numbers with commas. */
  readonly kind: 'number' | 'numbers' | 'switch' | readonly (readonly [value: string, title: string])[]
  readonly group: 'main' | 'learning' | 'network'
  /** The default of the API. */
  readonly initial: string
}

/** Empty text leaves the field out: the API then fills in its default. */
export const FIELDS: readonly FormField[] = [
  {
    name: 'epochs',
    label: 'Epochs',
    hint: 'How often the network sees every training picture.',
    kind: 'number',
    group: 'main',
    initial: '10',
  },
  {
    name: 'imageSize',
    label: 'Picture size',
    hint: 'Pixels a side, a multiple of 32. Larger ones show more and take longer.',
    kind: 'number',
    group: 'main',
    initial: '224',
  },
  {
    name: 'trainableLayers',
    label: 'What learns',
    hint: 'The head alone takes minutes; deeper layers fit your pictures closer and take hours without a GPU.',
    kind: [
      ['HEAD', 'The head alone'],
      ['LAYER4', 'Layer 4 and the head'],
      ['LAYER3', 'Layers 3 to 4 and the head'],
      ['LAYER2', 'Layers 2 to 4 and the head'],
      ['LAYER1', 'Layers 1 to 4 and the head'],
      ['ALL', 'Everything'],
    ],
    group: 'main',
    initial: 'HEAD',
  },
  {
    name: 'augmentation',
    label: 'Augmentation',
    hint: 'Varied views of each picture: helps with few pictures, and takes longer to prepare.',
    kind: [
      ['NONE', 'None'],
      ['FLIP', 'Mirrored'],
      ['STANDARD', 'Standard: cropped, recoloured'],
      ['STRONG', 'Strong: distorted, mixed'],
    ],
    group: 'main',
    initial: 'NONE',
  },
  {
    name: 'learningRate',
    label: 'Learning rate',
    hint: 'How far each step goes. If the loss jumps, take a third of it.',
    kind: 'number',
    group: 'main',
    initial: '0.001',
  },
  {
    name: 'batchSize',
    label: 'Batch size',
    hint: 'Pictures in one step. Smaller ones need less memory.',
    kind: 'number',
    group: 'main',
    initial: '64',
  },
  {
    name: 'optimizer',
    label: 'Optimiser',
    hint: 'Adam needs the least tuning.',
    kind: [
      ['ADAM', 'Adam'],
      ['ADAMW', 'AdamW'],
      ['SGD', 'SGD'],
    ],
    group: 'learning',
    initial: 'ADAM',
  },
  {
    name: 'schedule',
    label: 'Schedule',
    hint: 'How the learning rate moves from the first step to the last.',
    kind: [
      ['CONSTANT', 'Constant'],
      ['COSINE', 'Cosine'],
      ['STEP', 'Steps'],
      ['ONE_CYCLE', 'One cycle'],
    ],
    group: 'learning',
    initial: 'COSINE',
  },
  {
    name: 'warmupEpochs',
    label: 'Warm-up epochs',
    hint: 'The rate climbs from 0 over these; 0 with one cycle.',
    kind: 'number',
    group: 'learning',
    initial: '0',
  },
  {
    name: 'weightDecay',
    label: 'Weight decay',
    hint: 'Pulls weights towards 0, against learning by heart.',
    kind: 'number',
    group: 'learning',
    initial: '0',
  },
  {
    name: 'momentum',
    label: 'Momentum',
    hint: 'Of SGD; 0.9 is usual.',
    kind: 'number',
    group: 'learning',
    initial: '0.9',
  },
  {
    name: 'nesterov',
    label: 'Nesterov',
    hint: 'A look ahead, for SGD.',
    kind: 'switch',
    group: 'learning',
    initial: 'false',
  },
  {
    name: 'labelSmoothing',
    label: 'Label smoothing',
    hint: 'Below 1: how much of each label is spread over all classes. 0.1 helps where labels are doubtful.',
    kind: 'number',
    group: 'learning',
    initial: '0',
  },
  {
    name: 'balanceClasses',
    label: 'Balance classes',
    hint: 'Rare classes count as much as frequent ones.',
    kind: 'switch',
    group: 'learning',
    initial: 'false',
  },
  {
    name: 'patience',
    label: 'Stop early after',
    hint: 'Epochs without a better validation loss; empty never stops early.',
    kind: 'number',
    group: 'learning',
    initial: '',
  },
  {
    name: 'minDelta',
    label: 'Least gain',
    hint: 'By how much the loss must fall to count as better.',
    kind: 'number',
    group: 'learning',
    initial: '',
  },
  {
    name: 'trunkLearningRateFactor',
    label: "Trunk's rate",
    hint: 'Times the learning rate, where more than the head learns.',
    kind: 'number',
    group: 'network',
    initial: '0.1',
  },
  {
    name: 'hiddenUnits',
    label: 'Hidden layers',
    hint: 'Units of each layer of the head, with commas; "none" for a linear head; empty for 1024, 256.',
    kind: 'numbers',
    group: 'network',
    initial: '',
  },
  {
    name: 'dropout',
    label: 'Dropout',
    hint: 'Before each hidden layer, with commas; empty for 0.5, 0.3.',
    kind: 'numbers',
    group: 'network',
    initial: '',
  },
  {
    name: 'seed',
    label: 'Seed',
    hint: 'The same seed gives the same run.',
    kind: 'number',
    group: 'network',
    initial: '0',
  },
]

export const INITIAL = Object.fromEntries(FIELDS.map(({ name, initial }) => [name, initial])) as Values

/** What the API's own hyperparameters look like in the form. */
export function valuesOf(hyperparameters: Readonly<Record<string, unknown>>): Values {
  const early = hyperparameters['earlyStopping'] as { patience: number; minDelta: number } | null
  const flat: Record<string, unknown> = { ...hyperparameters, patience: early?.patience, minDelta: early?.minDelta }
  const texts = FIELDS.map(({ name, kind }) => [name, textOf(flat[name], kind)])
  return Object.fromEntries(texts) as Values
}

function textOf(value: unknown, kind: FormField['kind']): string {
  if (value === undefined || value === null) return ''
  if (Array.isArray(value)) return value.length === 0 && kind === 'numbers' ? 'none' : value.join(', ')
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** As the API takes it, and what is no number by its field. */
export function inputOf(values: Values): { input: HyperparametersInput; issues: ReadonlyMap<FieldName, string> } {
  const issues = new Map<FieldName, string>()
  const read = FIELDS.flatMap(({ name, kind }) => {
    const text = values[name].trim()
    if (text === '') return []
    const value = valueOf(text, kind)
    if (value !== undefined) return [[name, value] as const]
    issues.set(name, kind === 'numbers' ? 'These are not numbers with commas.' : NOT_A_NUMBER)
    return []
  })
  const { patience, minDelta, ...rest } = Object.fromEntries(read) as Record<string, unknown>
  const earlyStopping = patience === undefined ? {} : { earlyStopping: { patience, minDelta } }
  return { input: { ...rest, ...earlyStopping } as HyperparametersInput, issues }
}

function valueOf(text: string, kind: FormField['kind']): unknown {
  if (kind === 'switch') return text === 'true'
  if (kind === 'number') return numberOf(text)
  if (kind !== 'numbers') return text
  const numbers = text === 'none' ? [] : text.split(',').map((part) => numberOf(part.trim()))
  return numbers.includes(undefined) ? undefined : numbers
}
