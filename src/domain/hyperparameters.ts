/** What a run is asked to do. Defaults are filled in here, once; the schema's defaults are taken from here too. */
import { z } from 'zod'
import type { InputIssue } from './refusals.js'

export const OPTIMIZERS = ['ADAM', 'ADAMW', 'SGD'] as const
export const SCHEDULES = ['CONSTANT', 'COSINE', 'STEP', 'ONE_CYCLE'] as const
export const TRAINABLE_LAYERS = ['HEAD', 'LAYER4', 'LAYER3', 'LAYER2', 'LAYER1', 'ALL'] as const
export const AUGMENTATIONS = ['NONE', 'FLIP', 'STANDARD', 'STRONG'] as const

export interface HeadShape {
  hiddenUnits: number[]
  dropout: number[]
}

/** The reference's head: 2048-1024-256-classes. */
export const DEFAULT_HEAD: HeadShape = { hiddenUnits: [1024, 256], dropout: [0.5, 0.3] }

/** Pixels of the square that the trunk sees: it halves a picture five times. */
export const IMAGE_SIZE = z.int().min(32).max(512).multipleOf(32)

const seed = z
  .int()
  .min(0)
  .max(2 ** 31 - 1)

const fields = z.object({
  epochs: z.int().min(1).max(1000).default(10),
  batchSize: z.int().min(1).max(4096).default(64),
  learningRate: z.number().gt(0).max(10).default(0.001),
  optimizer: z.enum(OPTIMIZERS).default('ADAM'),
  momentum: z.number().min(0).lt(1).default(0.9),
  nesterov: z.boolean().default(false),
  weightDecay: z.number().min(0).max(1).default(0),
  schedule: z.enum(SCHEDULES).default('COSINE'),
  warmupEpochs: z.int().min(0).default(0),
  labelSmoothing: z.number().min(0).lt(1).default(0),
  balanceClasses: z.boolean().default(false),
  trainableLayers: z.enum(TRAINABLE_LAYERS).default('HEAD'),
  trunkLearningRateFactor: z.number().min(0).max(1).default(0.1),
  hiddenUnits: z.array(z.int().min(1).max(8192)).max(8).optional(),
  dropout: z.array(z.number().min(0).lt(1)).max(8).optional(),
  augmentation: z.enum(AUGMENTATIONS).default('NONE'),
  imageSize: IMAGE_SIZE.default(224),
  earlyStopping: z
    .object({ patience: z.int().min(1).max(1000), minDelta: z.number().min(0).default(0) })
    .nullable()
    .default(null),
  seed: seed.default(0),
})

type Fields = z.infer<typeof fields>
export type Hyperparameters = Omit<Fields, 'hiddenUnits' | 'dropout'> & HeadShape

/** The defaults of every field that does not depend on another. */
export const HYPERPARAMETER_DEFAULTS: Fields = fields.parse({})

/** What a run holds, as it is read back from its row or from a checkpoint. */
export const storedHyperparameters = fields.required({ hiddenUnits: true, dropout: true })

export function readHyperparameters(json: unknown): Hyperparameters {
  return storedHyperparameters.parse(json)
}

/**
 * Fills the defaults and checks every range.
 * @param inherited the head of the checkpoint that the run starts from, the default for hiddenUnits and dropout
 * @returns the whole set, or all issues at once, with paths below `hyperparameters`
 */
export function parseHyperparameters(
  input: unknown,
  inherited: HeadShape = DEFAULT_HEAD,
): { value: Hyperparameters } | { issues: InputIssue[] } {
  const given = withoutNulls(input ?? {})
  const parsed = fields.safeParse(given)
  const data = parsed.data ?? fields.parse(withoutWrong(given, parsed.error))
  const value = { ...data, ...headShape(data, inherited) }
  const wrong = (parsed.error?.issues ?? []).map(({ path, message }) => ({
    path: ['hyperparameters', ...path.map(String)],
    message,
  }))
  const known = new Set(wrong.map(({ path }) => path[1]))
  const issues = [...wrong, ...crossIssues(value, (name) => known.has(name))]
  return issues.length > 0 ? { issues } : { value }
}

/** What is right by itself, so that fields can be held against each other although others are wrong. */
function withoutWrong(given: unknown, error: z.ZodError): unknown {
  const wrong = new Set(error.issues.map(({ path }) => path[0]))
  return Object.fromEntries(Object.entries(given as object).filter(([name]) => !wrong.has(name)))
}

/** hiddenUnits alone: dropout 0.5 before the first hidden layer, 0.3 before the others. */
function headShape(given: Fields, inherited: HeadShape): HeadShape {
  const hiddenUnits = given.hiddenUnits ?? inherited.hiddenUnits
  if (given.dropout !== undefined) return { hiddenUnits, dropout: given.dropout }
  if (given.hiddenUnits === undefined) return { hiddenUnits, dropout: inherited.dropout }
  return { hiddenUnits, dropout: hiddenUnits.map((_, i) => (i === 0 ? 0.5 : 0.3)) }
}

/** @param isWrong of fields that are wrong by themselves: nothing is held against them */
function crossIssues(value: Hyperparameters, isWrong: (name: string | undefined) => boolean): InputIssue[] {
  const { dropout, hiddenUnits, epochs, warmupEpochs, schedule, optimizer, nesterov, momentum } = value
  const issues: InputIssue[] = []
  /** @param names the field that is to be changed, then the one that it does not go with */
  const refuse = (names: readonly [string, string], message: string): void => {
    if (!names.some(isWrong)) issues.push({ path: ['hyperparameters', names[0]], message })
  }
  if (dropout.length !== hiddenUnits.length) {
    const [needed, given] = [String(hiddenUnits.length), String(dropout.length)]
    refuse(['dropout', 'hiddenUnits'], `One for each hidden layer: ${needed} needed, ${given} given.`)
  }
  if (warmupEpochs > epochs) refuse(['warmupEpochs', 'epochs'], `At most epochs, ${String(epochs)}.`)
  if (schedule === 'ONE_CYCLE' && warmupEpochs > 0) {
    refuse(['warmupEpochs', 'schedule'], 'ONE_CYCLE warms up by itself: leave warmupEpochs at 0.')
  }
  if (optimizer === 'SGD' && nesterov && momentum === 0) {
    refuse(['nesterov', 'momentum'], 'Nesterov needs a momentum above 0.')
  }
  return issues
}

/** In inputs, null means the same as leaving it out. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value) || typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, field]) => field !== null && field !== undefined)
      .map(([name, field]) => [name, withoutNulls(field)]),
  )
}
