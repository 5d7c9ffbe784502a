const WIDTH = 96
const HEIGHT = 24

/** A line without axes: how a figure went. */
export function Sparkline({ label, values }: { label: string; values: readonly number[] }) {
  if (values.length === 0) return null
  const least = Math.min(...values)
  const span = Math.max(...values) - least || 1
  const points = values.map((value, index) => {
    const x = values.length === 1 ? WIDTH / 2 : 1 + (index / (values.length - 1)) * (WIDTH - 2)
    return `${x.toFixed(1)},${(HEIGHT - 2 - ((value - least) / span) * (HEIGHT - 4)).toFixed(1)}`
  })
  const single = values.length === 1 ? points[0]?.split(',') : undefined
  return (
    <svg role="img" aria-label={label} width={WIDTH} height={HEIGHT} viewBox={`0 0 ${String(WIDTH)} ${String(HEIGHT)}`}>
      {single === undefined ? (
        <polyline points={points.join(' ')} fill="none" stroke="var(--accent)" strokeWidth="1.5" />
      ) : (
        <circle cx={single[0]} cy={single[1]} r="2" fill="var(--accent)" />
      )}
    </svg>
  )
}
