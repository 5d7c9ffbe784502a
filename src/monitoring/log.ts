/**
 * A process's log on stderr, without secrets: one JSON object a line, or readable lines for whoever looks at a terminal.
 * docs/operations.md names its fields.
 */
import { pino, type DestinationStream, type Logger } from 'pino'
import { PinoPretty } from 'pino-pretty'
import type { Config } from '../config/config.js'
import { secretsOf } from '../config/secrets.js'
import { createScrubber } from './scrub.js'

export interface LogOptions {
  /** Which of our processes writes. */
  readonly name: 'start' | 'server' | 'trainer' | 'compute' | 'evaluate'
  readonly level: string
  readonly format: Config['logFormat']
  /** What must not be written, wherever it comes from. */
  readonly secrets: readonly string[]
  /** Stands in every line. */
  readonly fields?: Readonly<Record<string, string>>
}

/** What a program writes, as its settings say. */
export function openLog(name: LogOptions['name'], config: Config): Logger {
  return createLog({ name, level: config.logLevel, format: config.logFormat, secrets: secretsOf(config) })
}

/** @param to stderr by default */
export function createLog({ name, level, format, secrets, fields }: LogOptions, to?: DestinationStream): Logger {
  const scrub = createScrubber(secrets)
  const options = {
    name,
    level,
    formatters: { level: (label: string) => ({ level: label }) },
    timestamp: pino.stdTimeFunctions.isoTime,
    hooks: { streamWrite: scrub },
  }
  const log = pino(options, to ?? destinationOf(process.stderr, format))
  return fields === undefined ? log : log.child(fields)
}

/** Both write at once, so that the last line before an exit is not lost. */
export function destinationOf(
  { isTTY, fd }: { readonly isTTY: boolean; readonly fd: number },
  format: Config['logFormat'],
): DestinationStream {
  if (format === 'json' || !isTTY) return pino.destination(fd)
  return PinoPretty({
    destination: fd,
    sync: true,
    translateTime: 'SYS:HH:MM:ss',
    ignore: 'pid,hostname',
    singleLine: true,
  })
}
