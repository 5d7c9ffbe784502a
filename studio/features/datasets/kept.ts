/** What a person looked at and found right. This browser remembers it, so that the next inspection does not ask again. */
import { useState } from 'react'

export interface Kept {
  readonly has: (finding: string) => boolean
  readonly keep: (finding: string) => void
  /** Asks about all of them again. */
  readonly forget: () => void
}

/** @param list a name of its own for each list of findings of each dataset */
export function useKept(list: string): Kept {
  const place = `graft.kept.${list}`
  const [kept, setKept] = useState<readonly string[]>(() => read(place))
  const write = (next: readonly string[]): void => {
    setKept(next)
    if (next.length === 0) localStorage.removeItem(place)
    else localStorage.setItem(place, JSON.stringify(next))
  }
  return {
    has: (finding) => kept.includes(finding),
    keep: (finding) => write([...kept, finding]),
    forget: () => write([]),
  }
}

function read(place: string): readonly string[] {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(place) ?? '[]')
    return Array.isArray(found) ? found.filter((each): each is string => typeof each === 'string') : []
  } catch {
    // Somebody else wrote there.
    return []
  }
}
