/** What is known, with changes written into each object that has the id of one of them, however deep. */
export interface Identified {
  readonly id: string
}

/** What did not change stays the very same object. */
export function patched(known: unknown, changes: ReadonlyMap<string, Identified>): unknown {
  if (typeof known !== 'object' || known === null) return known
  if (Array.isArray(known)) {
    const items: unknown[] = known.map((item) => patched(item, changes))
    return items.some((item, i) => item !== known[i]) ? items : known
  }
  const change = 'id' in known && typeof known.id === 'string' ? changes.get(known.id) : undefined
  const members = Object.entries({ ...known, ...change }).map(
    ([name, value]) => [name, patched(value, changes)] as const,
  )
  const before = new Map<string, unknown>(Object.entries(known))
  return members.some(([name, value]) => value !== before.get(name)) ? Object.fromEntries(members) : known
}
