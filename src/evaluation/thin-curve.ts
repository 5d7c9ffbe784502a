type Place = readonly [x: number, y: number]

/**
 * A curve with fewer points that looks the same: those leave whose triangle with their neighbours is the smallest
 * (Visvalingam and Whyatt, 1993), of neighbours one at a time. First and last stay.
 */
export function thinCurve<Point>(
  curve: readonly Point[],
  most: number,
  placeOf: (point: Point) => Place,
): readonly Point[] {
  let points = curve
  while (points.length > most) {
    const places = points.map(placeOf)
    const inner = Uint32Array.from({ length: points.length - 2 }, (_, i) => i + 1)
    const areas = Float64Array.from(places, (_, i) => triangle(places[i - 1], places[i], places[i + 1]))
    const leaving = new Set<number>()
    for (const i of inner.sort((a, b) => (areas[a] as number) - (areas[b] as number))) {
      if (points.length - leaving.size === most) break
      if (!leaving.has(i - 1) && !leaving.has(i + 1)) leaving.add(i)
    }
    points = points.filter((_, i) => !leaving.has(i))
  }
  return points
}

/** Twice the area; of a curve's ends there is none. */
function triangle(a?: Place, b?: Place, c?: Place): number {
  if (a === undefined || b === undefined || c === undefined) return Infinity
  return Math.abs((b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1]))
}
