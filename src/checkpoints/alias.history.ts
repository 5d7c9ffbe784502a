/** How much of which alias's history, as a request's loaders know it: by one key. */
export type HistoryPlace = `${string}:${number}`

export function historyPlace(aliasId: string, first: number): HistoryPlace {
  return `${aliasId}:${first}`
}
