/** Where the features of a set of pictures are: in memory as long as there is room, in a shard, or nowhere. */

/** A picture's place in a shard of `count` pictures. */
export interface ShardRow {
  readonly sha256: string
  readonly row: number
  readonly count: number
}

export interface FeatureRows {
  /** Values for each picture. */
  readonly width: number
  readonly count: number
  /** How many are in memory or in a shard. */
  readonly kept: number
  /** How many more fit in memory. */
  readonly room: number
  /** Whether it is a picture of the set, and nowhere yet. */
  wants(picture: string): boolean
  /**
   * Keeps the first features that come for a picture; others are ignored.
   * @param place null for features that no shard has: they stay only if there is room
   */
  keep(picture: string, features: Uint16Array, place: ShardRow | null): void
  /** Pictures that are nowhere, in order. */
  missing(): string[]
  pictureAt(row: number): string
  inMemory(row: number): Uint16Array | null
  inShard(row: number): ShardRow | null
  /** Its shard is gone. */
  lose(row: number): void
}

/**
 * @param pictures their sha256, none twice, in the order of the rows
 * @param memoryBytes for features in half precision
 */
export function createFeatureRows(
  pictures: readonly string[],
  { width, memoryBytes }: { width: number; memoryBytes: number },
): FeatureRows {
  const capacity = Math.min(pictures.length, Math.floor(memoryBytes / (width * Uint16Array.BYTES_PER_ELEMENT)))
  const memory = new Uint16Array(capacity * width)
  const rowOf = new Map(pictures.map((sha256, row) => [sha256, row]))
  /** By row: its place in memory. */
  const slots = new Map<number, number>()
  const shards = new Map<number, ShardRow>()
  const has = (row: number): boolean => slots.has(row) || shards.has(row)
  let kept = 0
  return {
    width,
    count: pictures.length,
    get kept() {
      return kept
    },
    get room() {
      return capacity - slots.size
    },
    wants: (picture) => {
      const row = rowOf.get(picture)
      return row !== undefined && !has(row)
    },
    keep: (picture, features, place) => {
      const row = rowOf.get(picture)
      if (row === undefined || has(row)) return
      if (place !== null) shards.set(row, place)
      if (slots.size < capacity) {
        memory.set(features, slots.size * width)
        slots.set(row, slots.size)
      }
      if (has(row)) kept += 1
    },
    missing: () => pictures.filter((_, row) => !has(row)),
    pictureAt: (row) => pictures[row] as string,
    inMemory: (row) => {
      const slot = slots.get(row)
      return slot === undefined ? null : memory.subarray(slot * width, (slot + 1) * width)
    },
    inShard: (row) => shards.get(row) ?? null,
    lose: (row) => {
      if (shards.delete(row) && !slots.has(row)) kept -= 1
    },
  }
}
