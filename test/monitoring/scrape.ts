/** What /metrics says, read as Prometheus reads it: every sample's name and labels go through Prometheus's own grammar. */
import { parser } from '@prometheus-io/lezer-promql'

interface Sample {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

export interface Scrape {
  readonly samples: readonly Sample[]
  /** Metric names with their types. */
  readonly types: ReadonlyMap<string, string>
  /** The sum of all samples of that name that have these labels; undefined where there is none. */
  value(name: string, labels?: Record<string, string>): number | undefined
}

/** @throws where a line is none of the text format's */
export function parseScrape(text: string): Scrape {
  const lines = text.split('\n').filter((line) => line !== '')
  const types = new Map(lines.flatMap((line) => typeOf(line) ?? []))
  const helped = new Set(lines.flatMap((line) => /^# HELP (\w+) \S/.exec(line)?.[1] ?? []))
  const samples = lines.filter((line) => !line.startsWith('#')).map(sampleOf)
  for (const name of types.keys()) if (!helped.has(name)) throw new Error(`${name} has no help.`)
  return {
    samples,
    types,
    value: (name, labels = {}) => {
      const found = samples.filter(
        (sample) =>
          sample.name === name && Object.entries(labels).every(([label, value]) => sample.labels[label] === value),
      )
      return found.length === 0 ? undefined : found.reduce((sum, sample) => sum + sample.value, 0)
    },
  }
}

function typeOf(line: string): [[string, string]] | undefined {
  const [, name, type] = /^# TYPE (\w+) (counter|gauge|histogram|summary)$/.exec(line) ?? []
  return name === undefined || type === undefined ? undefined : [[name, type]]
}

function sampleOf(line: string): Sample {
  const at = line.lastIndexOf(' ')
  const [selector, value] = [line.slice(0, at), line.slice(at + 1)]
  const number = value === '+Inf' ? Infinity : Number(value)
  if (value === '' || (Number.isNaN(number) && !/^nan$/i.test(value))) throw new Error(`No number: ${line}`)
  return { ...selectorOf(selector), value: number }
}

/** Names of metrics that a PromQL expression asks for, with the labels by which it chooses. @throws where it is none */
export function selectorsOf(expression: string): { name: string; labels: Record<string, string> }[] {
  const found: { name: string; labels: Record<string, string> }[] = []
  let label = ''
  parser.parse(expression).iterate({
    enter: (node) => {
      if (node.type.isError) throw new Error(`No PromQL at ${String(node.from)}: ${expression}`)
      const text = expression.slice(node.from, node.to)
      if (node.name === 'VectorSelector') found.push({ name: '', labels: {} })
      const last = found.at(-1)
      if (last === undefined) return
      if (node.name === 'Identifier' && last.name === '') last.name = text
      if (node.name === 'LabelName') label = text
      if (node.name === 'StringLiteral' && label !== '') last.labels[label] = JSON.parse(text) as string
    },
  })
  return found
}

function selectorOf(text: string): { name: string; labels: Record<string, string> } {
  const [selector, ...more] = selectorsOf(text)
  if (selector === undefined || more.length > 0) throw new Error(`No sample: ${text}`)
  return selector
}
