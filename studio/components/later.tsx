import { type ReactNode, useEffect, useEffectEvent, useState } from 'react'

interface Props {
  readonly ms: number
  /** Awaited once that time is over, e.g. a last look whether it is still so. */
  readonly before?: () => Promise<unknown>
  readonly children: ReactNode
}

/** What is said only of what lasts: it comes once this has been on the page for so long. */
export function Later({ ms, before, children }: Props) {
  const [isDue, setDue] = useState(false)
  const come = useEffectEvent(async (signal: AbortSignal) => {
    await before?.()
    if (!signal.aborted) setDue(true)
  })
  useEffect(() => {
    const gone = new AbortController()
    const timer = setTimeout(() => void come(gone.signal), ms)
    return () => {
      clearTimeout(timer)
      gone.abort()
    }
  }, [ms])
  return isDue && children
}
