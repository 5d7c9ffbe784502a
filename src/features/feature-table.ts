/** The features of a set of pictures, filled as they are found or computed. */
export interface FeatureTable {
  /** [pictures, width] in half precision, rows in the order that the pictures were given. */
  readonly features: Uint16Array
  readonly width: number
  readonly count: number
  /** Rows that are filled. */
  readonly filled: number
  wants(picture: string): boolean
  /** Keeps the first features that come for a picture; pictures of no interest are ignored. */
  fill(picture: string, features: Uint16Array): void
  /** A picture's features [width]; zeros as long as they are missing. */
  rowOf(picture: string): Uint16Array
  /** Pictures without features, in order. */
  missing(): string[]
}

/** @param pictures their sha256, none twice */
export function createFeatureTable(pictures: readonly string[], width: number): FeatureTable {
  const features = new Uint16Array(pictures.length * width)
  const rows = new Map(pictures.map((sha256, row) => [sha256, row]))
  const open = new Set(pictures)
  const rowOf = (picture: string): Uint16Array => {
    const row = rows.get(picture) ?? 0
    return features.subarray(row * width, (row + 1) * width)
  }
  return {
    features,
    width,
    count: pictures.length,
    get filled() {
      return pictures.length - open.size
    },
    wants: (picture) => open.has(picture),
    fill: (picture, values) => {
      if (open.delete(picture)) rowOf(picture).set(values)
    },
    rowOf,
    missing: () => [...open],
  }
}
