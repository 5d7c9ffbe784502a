/** Several at a time, and yet one after the other. */

/**
 * The results in the order of what they are made of, at most `atOnce` of them under way. Where one fails, those under way
 * are waited for, and nothing more is begun.
 */
export async function* mapInOrder<Item, Result>(
  items: AsyncIterable<Item>,
  atOnce: number,
  map: (item: Item) => Promise<Result>,
): AsyncGenerator<Result> {
  const underWay: Promise<Result>[] = []
  try {
    for await (const item of items) {
      const result = map(item)
      // Whoever awaits it gets its error; until then nobody does.
      result.catch(() => undefined)
      underWay.push(result)
      if (underWay.length >= atOnce) yield await (underWay.shift() as Promise<Result>)
    }
    while (underWay.length > 0) yield await (underWay.shift() as Promise<Result>)
  } finally {
    await Promise.allSettled(underWay)
  }
}
