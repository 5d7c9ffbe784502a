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

const seed = z
  .int()
  .min(0)
  .max(2 ** 31 - 1)

/** A value that this version does not offer yet is refused in words, never ignored. */
function onlyYet<const T extends readonly [string, ...string[]]>(values: T, offered: T[number], what: string) {
  return z
    .enum(values)
    .refine((value) => value === offered, { error: `This version offers ${offered} only; ${what} come later.` })
}

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
  augmentation: onlyYet(AUGMENTATIONS, 'NONE', 'augmented views').default('NONE'),
  imageSize: z.int().min(32).max(512).multipleOf(32).default(224),
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
  const parsed = fields.safeParse(withoutNulls(input ?? {}))
  if (!parsed.success) {
    return {
      issues: parsed.error.issues.map((issue) => ({
        path: ['hyperparameters', ...issue.path.map(String)],
        message: issue.message,
      })),
    }
  }
  const value = { ...parsed.data, ...headShape(parsed.data, inherited) }
  const issues = crossIssues(value)
  return issues.length > 0 ? { issues } : { value }
}

/** hiddenUnits alone: dropout 0.5 before the first hidden layer, 0.3 before the others. */
function headShape(given: Fields, inherited: HeadShape): HeadShape {
  const hiddenUnits = given.hiddenUnits ?? inherited.hiddenUnits
  if (given.dropout !== undefined) return { hiddenUnits, dropout: given.dropout }
  if (given.hiddenUnits === undefined) return { hiddenUnits, dropout: inherited.dropout }
  return { hiddenUnits, dropout: hiddenUnits.map((_, i) => (i === 0 ? 0.5 : 0.3)) }
}

function crossIssues(value: Hyperparameters): InputIssue[] {
  const issues: InputIssue[] = []
  const say = (name: string, message: string): unknown => issues.push({ path: ['hyperparameters', name], message })
  if (value.dropout.length !== value.hiddenUnits.length) {
    say(
      'dropout',
      `One for each hidden layer: ${String(value.hiddenUnits.length)} needed, ${String(value.dropout.length)} given.`,
    )
  }
  if (value.warmupEpochs > value.epochs) say('warmupEpochs', `At most epochs, ${String(value.epochs)}.`)
  if (value.schedule === 'ONE_CYCLE' && value.warmupEpochs > 0) {
    say('warmupEpochs', 'ONE_CYCLE warms up by itself: leave warmupEpochs at 0.')
  }
  if (value.optimizer === 'SGD' && value.nesterov && value.momentum === 0)
    say('nesterov', 'Nesterov needs a momentum above 0.')
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
