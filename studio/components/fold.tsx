/** Fields that most people leave as they are: folded away until asked for, or until one of them has an issue. */
import { type ReactNode, useEffect, useRef } from 'react'

interface Props {
  readonly title: string
  /** Opens it; that it is false again does not close it under who is mending the issue. */
  readonly hasIssues: boolean
  readonly children: ReactNode
}

export function Fold({ title, hasIssues, children }: Props) {
  const place = useRef<HTMLDetailsElement>(null)
  useEffect(() => {
    if (hasIssues && place.current !== null) place.current.open = true
  }, [hasIssues])
  return (
    <details ref={place}>
      <summary>{title}</summary>
      {children}
    </details>
  )
}
