import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { paginate } from '../../src/graphql/paginate.js'

/** The numbers 1 to 250, ascending, and a note of what was read. */
function numbers(args: { first?: number | null; after?: string | null }, connection = 'numbers') {
  const read: string[] = []
  const list = paginate({
    connection,
    args,
    keyset: { key: z.int(), keyOf: (row: number) => row },
    rows: (after, limit) => {
      read.push(`rows ${String(limit)}`)
      const from = (after ?? 0) + 1
      return Promise.resolve(Array.from({ length: Math.min(limit, 251 - from) }, (_, i) => from + i))
    },
    count: () => {
      read.push('count')
      return Promise.resolve(250)
    },
    node: (row) => row,
  })
  return { list, read }
}

describe('pages', () => {
  it('read nothing before something is asked for, and the rows once', async () => {
    const { list, read } = numbers({})
    expect(read).toEqual([])
    await Promise.all([list.page(), list.page()])
    expect(read).toEqual(['rows 21'])
    await list.count()
    expect(read).toEqual(['rows 21', 'count'])
  })

  it('follow each other to the end', async () => {
    const seen: number[] = []
    let after: string | null = null
    for (let more = true; more;) {
      const { edges, info } = await numbers({ first: 100, after }).list.page()
      seen.push(...edges.map((edge) => edge.node))
      expect(info.hasPreviousPage).toBe(after !== null)
      expect(info.endCursor).toBe(edges.at(-1)?.cursor)
      after = info.endCursor
      more = info.hasNextPage
    }
    expect(seen).toEqual(Array.from({ length: 250 }, (_, i) => i + 1))
  })

  it('take null for left out', async () => {
    expect((await numbers({ first: null, after: null }).list.page()).edges).toHaveLength(20)
  })

  it('refuse what they did not hand out, at once', async () => {
    const { edges } = await numbers({ first: 1 }).list.page()
    const after = edges[0]?.cursor ?? ''
    expect(() => numbers({ after }, 'other numbers')).toThrow(/another connection/)
    const forged = Buffer.from(JSON.stringify(['x', 'y'])).toString('base64url')
    for (const wrong of ['', 'x', forged, `${after}x`]) expect(() => numbers({ after: wrong })).toThrow(/not a cursor/)
    for (const first of [0, -1, 101]) expect(() => numbers({ first })).toThrow(/between 1 and 100/)
  })
})
