/** Expected refusals: what a service answers instead of a result. The API shows each as the type of the same name. */
export interface InputIssue {
  /** From `input` down: ["hyperparameters", "dropout", "1"]. */
  path: string[]
  message: string
}

export const ALIAS_FIGURES = ['TEST_ACCURACY', 'MACRO_F1'] as const
export type AliasFigure = (typeof ALIAS_FIGURES)[number]

/** A figure that is not as good as was required. */
export interface Shortfall {
  figure: AliasFigure
  /** Null where it follows from a holder that was not evaluated on the same pictures. */
  required: number | null
  /** Null where there is no evaluation to take it from. */
  found: number | null
  missingBy: number | null
}

export type Refusal =
  | { refusal: 'InvalidInput'; message: string; issues: InputIssue[] }
  | { refusal: 'NotFound'; message: string; id: string }
  | { refusal: 'NameTaken'; message: string; name: string }
  | { refusal: 'DatasetTooSmall'; message: string; label: string | null; needed: number; found: number }
  | { refusal: 'UnreadableImage'; message: string; reason: string }
  | { refusal: 'ImageTooLarge'; message: string; limitBytes: number; limitPixels: number }
  | { refusal: 'DirectoryNotAllowed'; message: string; allowed: string[] }
  | { refusal: 'NotCancellable'; message: string; status: string }
  | { refusal: 'NotResumable'; message: string; status: string }
  | { refusal: 'InUse'; message: string; usedBy: { type: string; id: string }[] }
  | { refusal: 'IdempotencyConflict'; message: string; trainingRunId: string }
  | { refusal: 'PictureNotKept'; message: string }
  | { refusal: 'FeaturesNotKept'; message: string }
  | { refusal: 'RequirementNotMet'; message: string; shortfalls: Shortfall[] }
  | { refusal: 'TrunkUnavailable'; message: string; reason: string }

export type RefusalOf<Name extends Refusal['refusal']> = Extract<Refusal, { refusal: Name }>

export function isRefusal(value: unknown): value is Refusal {
  return typeof value === 'object' && value !== null && 'refusal' in value
}

export function invalidInput(issues: readonly InputIssue[]): RefusalOf<'InvalidInput'> {
  return { refusal: 'InvalidInput', message: issues.map(sentence).join('; '), issues: [...issues] }
}

/** An id is what the message speaks of; its member's name says nothing to people. */
function sentence({ path, message }: InputIssue): string {
  return path.at(-1)?.endsWith('Id') === true ? message : `${path.join('.')}: ${message}`
}

/** `id` is the id, or the alias, as the caller wrote it. */
export function notFound(what: string, id: string): RefusalOf<'NotFound'> {
  return { refusal: 'NotFound', message: `No ${what} has the id "${id}".`, id }
}
