/** docs/operations.md beside what is there: its alert rules must be rules, on metrics that exist. */
import { readFile } from 'node:fs/promises'
import Fastify from 'fastify'
import { expect, it } from 'vitest'
import { parse } from 'yaml'
import { observeBacklog } from '../../src/monitoring/backlog.metrics.js'
import { observePool } from '../../src/monitoring/database.metrics.js'
import { observeHttp, observeSockets } from '../../src/monitoring/http.metrics.js'
import { createRegistry } from '../../src/monitoring/registry.js'
import { createServerMetrics } from '../../src/monitoring/server.metrics.js'
import { observeWork } from '../../src/monitoring/work.metrics.js'
import { selectorsOf } from './scrape.js'

interface Rule {
  alert: string
  expr: string
  annotations: { summary: string }
}

const page = await readFile(new URL('../../docs/operations.md', import.meta.url), 'utf8')
const [, text = ''] = /```yaml\n(groups:[^`]*)```/.exec(page) ?? []
const { groups } = parse(text) as { groups: { rules: Rule[] }[] }
const rules = groups.flatMap((group) => group.rules)

/** Everything that a server and a trainer register. */
async function metricNames(): Promise<Map<string, string>> {
  const server = createServerMetrics('0')
  const trainer = createRegistry({ role: 'trainer', version: '0' })
  observeWork(trainer)
  observePool(server.registry, { totalCount: 0, idleCount: 0, waitingCount: 0 })
  observeBacklog(server.registry, () => Promise.resolve({ queues: [], runs: [] }))
  observeSockets(server.registry, { connections: 0 })
  observeHttp(server.registry, Fastify())
  const figures = [...(await server.registry.getMetricsAsJSON()), ...(await trainer.getMetricsAsJSON())]
  return new Map(figures.map(({ name, type }) => [name, String(type)]))
}

it('names every metric of ours, and none that is not there', async () => {
  const own = [...(await metricNames()).keys()].filter((name) => name.startsWith('graft_'))
  const named = new Set(
    [...page.matchAll(/\|\s*`(graft_\w+)`|`(graft_build_info)`/g)].map((match) => match[1] ?? match[2]),
  )
  expect([...named].sort()).toEqual([...new Set(own)].sort())
})

it.each(rules)('has a rule $alert in PromQL on metrics that exist', async ({ expr, annotations }) => {
  const names = await metricNames()
  const selectors = selectorsOf(expr)
  expect(selectors.length).toBeGreaterThan(0)
  for (const { name } of selectors) {
    if (name === 'up') continue
    const base = name.replace(/_(bucket|count|sum)$/, '')
    expect(names.has(name) || names.get(base) === 'histogram', name).toBe(true)
  }
  expect(annotations.summary).toMatch(/\.$/)
})
