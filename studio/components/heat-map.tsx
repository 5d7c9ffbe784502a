/** Where in a picture a model finds what speaks for a class. */
import { useState } from 'react'

/** As wide as what it stands in; where it cannot be drawn, what is given instead stands there. */
export function HeatMap({ src, label, instead }: { src: string; label: string; instead: React.ReactNode }) {
  const [failed, setFailed] = useState<string | null>(null)
  if (failed === src) return instead
  return (
    <img
      className="heat"
      src={src}
      alt={`Heat map: what speaks for ${label}`}
      loading="lazy"
      decoding="async"
      onError={() => setFailed(src)}
    />
  )
}

/** What the colours of a heat map mean. */
export function HeatLegend() {
  return (
    <p className="heat-legend small soft">
      <span className="heat-legend__scale" aria-hidden="true" />
      <span>
        From blue, where nothing speaks for the class, to red, where most does. The square is what the model sees.
      </span>
    </p>
  )
}
