/** What a command says: tables and bars for people, one JSON document for machines; nothing moves without a terminal. */
import { createScreen, type Screen } from './screen.js'

export interface Terminal {
  /** Whether `--json` was given: then `result` alone is written to standard output. */
  readonly json: boolean
  /** For people. Silent with `--json`; what only shows progress is silent without a terminal too. */
  readonly screen: Screen
  /** The command's result: as JSON with `--json`, else as `show` says it. */
  result(value: unknown, show: (screen: Screen) => void): void
}

export function createTerminal(out: NodeJS.WriteStream, json: boolean): Terminal {
  const screen = json ? silentScreen() : createScreen(out)
  return {
    json,
    screen,
    result(value, show) {
      if (json) out.write(`${JSON.stringify(value, null, 2)}\n`)
      else show(screen)
    },
  }
}

function silentScreen(): Screen {
  const nothing = (): void => undefined
  return { line: nothing, step: nothing, bar: () => ({ update: nothing, stop: nothing }) }
}

/** Columns as wide as their widest cell; numbers stand right. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => (row[column] ?? '').length)))
  const isNumber = head.map(
    (_, column) => rows.length > 0 && rows.every((row) => /^[+−-]?[\d.,]* ?%?$|^–$/.test(row[column] ?? '')),
  )
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) =>
        isNumber[column] === true ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd()
  return [line(head), ...rows.map(line)]
}

export function percent(share: number | null | undefined): string {
  return share === null || share === undefined ? '–' : `${(share * 100).toFixed(2)} %`
}

/** A difference, with its sign; nothing to compare with is a dash. */
export function signed(delta: number | null | undefined, digits = 4): string {
  if (delta === null || delta === undefined) return '–'
  return `${delta >= 0 ? '+' : '−'}${Math.abs(delta).toFixed(digits)}`
}
