/** `manifest.csv`: which label, and which split, each file has. */
import { Readable } from 'node:stream'
import { parse, type CsvError } from 'csv-parse'
import { nameIssues } from '../../domain/names.js'
import { CollectionError } from './collection.js'
import { splitNamed, type Placement } from './layout.js'

export interface RejectedEntry {
  readonly fileName: string
  readonly reason: string
}

export interface CsvManifest {
  /** By path, as `manifestKey` writes it. */
  readonly placements: ReadonlyMap<string, Placement>
  /** Lines that cannot be followed: `manifest.csv:17`. */
  readonly badLines: readonly RejectedEntry[]
}

type Row = Partial<Record<'file' | 'label' | 'split', string>>

export const MAX_MANIFEST_BYTES = 100_000_000
const MAX_LINE_BYTES = 10_000
const DELIMITERS = [',', ';', '\t']

/** Composed and decomposed letters are the same name, and Windows writes paths its own way. */
export function manifestKey(path: string): string {
  const parts = path.normalize('NFC').replaceAll('\\', '/').split('/')
  return parts.filter((part) => part !== '' && part !== '.').join('/')
}

/** @throws CollectionError where it is no such table at all */
export async function readManifest(bytes: Buffer): Promise<CsvManifest> {
  const placements = new Map<string, Placement>()
  // By line: the parser tells of one as often as it stumbles over it, and ahead of those that it has read.
  const bad = new Map<number, string>()
  const rows = parse({
    bom: true,
    delimiter: delimiterOf(bytes),
    columns: columnsOf,
    info: true,
    trim: true,
    skip_empty_lines: true,
    relax_column_count: true,
    max_record_size: MAX_LINE_BYTES,
    skip_records_with_error: true,
    on_skip: (error) => {
      if (error !== undefined) bad.set(lineOf(error), `It is no line of CSV: ${error.message}`)
    },
  })
  for await (const { record, info } of Readable.from([bytes]).compose(rows) as AsyncIterable<Parsed>) {
    const found = placementIn(record)
    const key = manifestKey(record.file ?? '')
    if ('reason' in found) bad.set(info.lines, found.reason)
    else if (placements.has(key)) bad.set(info.lines, `"${key}" has a line already: the first one counts.`)
    else placements.set(key, found)
  }
  const badLines = [...bad].sort(([a], [b]) => a - b)
  return {
    placements,
    badLines: badLines.map(([line, reason]) => ({ fileName: `manifest.csv:${String(line)}`, reason })),
  }
}

interface Parsed {
  readonly record: Row
  readonly info: { readonly lines: number }
}

/** What separates the first line's names. */
function delimiterOf(bytes: Buffer): string {
  const [firstLine = ''] = bytes.toString('utf8', 0, MAX_LINE_BYTES).split(/\r?\n|\r/, 1)
  return DELIMITERS.find((each) => firstLine.includes(each)) ?? ','
}

function columnsOf(header: readonly string[]): string[] {
  const names = header.map((name) => name.toLowerCase())
  if (names.includes('file') && names.includes('label')) return names
  throw new CollectionError(
    `The first line of manifest.csv must name its columns: file,label or file,label,split. It is "${header.join(',').slice(0, 100)}".`,
  )
}

function placementIn({ file = '', label = '', split = '' }: Row): Placement | { reason: string } {
  if (file === '') return { reason: 'It names no file.' }
  const [issue] = nameIssues([], label)
  if (issue !== undefined) return { reason: `No label: ${issue.message}` }
  const folder = split === '' ? null : splitNamed(split)
  return folder === undefined ? { reason: `"${split}" is no split: use train, validation or test.` } : { label, folder }
}

function lineOf(error: CsvError): number {
  return typeof error['lines'] === 'number' ? error['lines'] : 0
}
