/** The figures as a Markdown table, so that they can be copied into a page. */

export interface Line {
  readonly what: string
  readonly ours: string
  /** "-" where there is no Python to measure it with. */
  readonly theirs: string
  /** Theirs by ours: above 1 Graft is quicker, or takes less. */
  readonly ratio: string
}

type Figures = Pick<Line, 'what'> & { readonly ours: number; readonly theirs: number | undefined }

export function timeLine({ what, ours, theirs }: Figures): Line {
  return { what, ours: time(ours), theirs: theirs === undefined ? '-' : time(theirs), ratio: ratio(ours, theirs) }
}

export function memoryLine({ what, ours, theirs }: Figures): Line {
  return { what, ours: memory(ours), theirs: theirs === undefined ? '-' : memory(theirs), ratio: ratio(ours, theirs) }
}

export function tableOf(lines: readonly Line[]): string {
  return markdown(
    ['', 'Graft', 'PyTorch', 'ratio'],
    lines.map(({ what, ours, theirs, ratio }) => [what, ours, theirs, ratio]),
  )
}

export function markdown(heading: readonly string[], body: readonly (readonly string[])[]): string {
  const rows = [heading, ...body]
  const widths = heading.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  const [head, ...others] = rows.map((row) => row.map((cell, i) => padded(cell, i, widths)))
  const rule = widths.map((width, i) => (i === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`))
  return [head ?? [], rule, ...others].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

/** What is measured begins at the left, figures end at the right. */
function padded(cell: string, column: number, widths: readonly number[]): string {
  const width = widths[column] ?? 0
  return column === 0 ? cell.padEnd(width) : cell.padStart(width)
}

function ratio(ours: number, theirs: number | undefined): string {
  return theirs === undefined ? '-' : `${(theirs / ours).toPrecision(3)}x`
}

function time(seconds: number): string {
  return seconds < 1 ? `${(seconds * 1000).toFixed(1)} ms` : `${seconds.toFixed(1)} s`
}

function memory(bytes: number): string {
  return `${String(Math.round(bytes / 1e6))} MB`
}
