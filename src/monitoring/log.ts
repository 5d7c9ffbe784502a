/** A process's log: one JSON object a line on stderr, without secrets. docs/operations.md names its fields. */
import { pino, type DestinationStream, type Logger } from 'pino'
import { createScrubber } from './scrub.js'

export interface LogOptions {
  /** Which of our processes writes. */
  readonly name: 'start' | 'server' | 'trainer' | 'compute' | 'evaluate'
  readonly level: string
  /** What must not be written, wherever it comes from. */
  readonly secrets: readonly string[]
  /** Stands in every line. */
  readonly fields?: Readonly<Record<string, string>>
}

/** @param to stderr by default */
export function createLog({ name, level, secrets, fields }: LogOptions, to?: DestinationStream): Logger {
  const scrub = createScrubber(secrets)
  const options = {
    name,
    level,
    formatters: { level: (label: string) => ({ level: label }) },
    timestamp: pino.stdTimeFunctions.isoTime,
    hooks: { streamWrite: scrub },
  }
  const log = pino(options, to ?? pino.destination(2))
  return fields === undefined ? log : log.child(fields)
}
