/** Hyperparameters as a person reads them, and in what runs differ. */
import type { AllHyperparametersFragment } from './queries/runs.documents.js'

type Name = keyof AllHyperparametersFragment

const NAMES: Readonly<Record<Name, string>> = {
  epochs: 'epochs',
  batchSize: 'batch',
  learningRate: 'rate',
  optimizer: 'optimizer',
  momentum: 'momentum',
  nesterov: 'Nesterov',
  weightDecay: 'weight decay',
  schedule: 'schedule',
  warmupEpochs: 'warm-up',
  labelSmoothing: 'smoothing',
  balanceClasses: 'balanced',
  trainableLayers: 'layers',
  trunkLearningRateFactor: "trunk's rate ×",
  hiddenUnits: 'hidden',
  dropout: 'dropout',
  augmentation: 'augmentation',
  imageSize: 'pixels',
  earlyStopping: 'early stopping',
  seed: 'seed',
}
const ALL = Object.keys(NAMES) as Name[]

/** As people read it, of a name that the API uses; one that is not known here stays as it is. */
export function nameOf(name: string): string {
  return new Map<string, string>(Object.entries(NAMES)).get(name) ?? name
}

export function shown(value: AllHyperparametersFragment[Name]): string {
  if (value === null) return 'none'
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.join('-')
  if (typeof value === 'object') return `${String((value as { patience: number }).patience)} epochs`
  return typeof value === 'boolean' ? (value ? 'yes' : 'no') : String(value)
}

export function describe(hyperparameters: AllHyperparametersFragment): [string, string][] {
  return ALL.map((name) => [NAMES[name], shown(hyperparameters[name])])
}

/** The names of those that are not the same in all of these runs. */
export function differing(runs: readonly { readonly hyperparameters: AllHyperparametersFragment }[]): Name[] {
  return ALL.filter((name) => new Set(runs.map((run) => shown(run.hyperparameters[name]))).size > 1)
}

/** "rate 0.01": what sets a run apart, of the names in which the listed runs differ. */
export function chips(hyperparameters: AllHyperparametersFragment, names: readonly Name[]): string[] {
  return names.map((name) => `${NAMES[name]} ${shown(hyperparameters[name])}`)
}
