/** Which pictures belong together, when some pairs do: union-find. */
export interface Grouping {
  /** @param similarity of the two, kept for each as the greatest that it has */
  join(a: number, b: number, similarity: number): void
  /** The greatest similarity that a picture was joined with; 0 for one that is alone. */
  similarityOf(picture: number): number
  /** Groups of two or more, each in the pictures' order, by their first one. */
  groups(): number[][]
}

export function createGrouping(count: number): Grouping {
  const parents = Int32Array.from({ length: count }, (_, i) => i)
  const similarities = new Float32Array(count)
  const rootOf = (picture: number): number => {
    let root = picture
    while (parents[root] !== root) {
      parents[root] = parents[parents[root] as number] as number
      root = parents[root] as number
    }
    return root
  }
  return {
    join: (a, b, similarity) => {
      for (const each of [a, b]) similarities[each] = Math.max(similarities[each] as number, similarity)
      const [one, other] = [rootOf(a), rootOf(b)]
      parents[Math.max(one, other)] = Math.min(one, other)
    },
    similarityOf: (picture) => similarities[picture] as number,
    groups: () => {
      const members = new Map<number, number[]>()
      for (let picture = 0; picture < count; picture++) {
        const root = rootOf(picture)
        const group = members.get(root)
        if (group === undefined) members.set(root, [picture])
        else group.push(picture)
      }
      return [...members.values()].filter((group) => group.length > 1)
    },
  }
}
