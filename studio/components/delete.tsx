import { useState } from 'react'
import { Button } from './controls.js'

interface Props {
  /** What comes with it, said by the button that does it. */
  readonly sure: string
  readonly isPending: boolean
  readonly onDelete: () => void
}

/** Asks once more before anything is gone. */
export function Delete({ sure, isPending, onDelete }: Props) {
  const [asked, setAsked] = useState(false)
  if (!asked) {
    return (
      <Button kind="danger" onClick={() => setAsked(true)}>
        Delete
      </Button>
    )
  }
  return (
    <>
      <Button kind="danger" disabled={isPending} onClick={onDelete}>
        {sure}
      </Button>
      <Button onClick={() => setAsked(false)}>Keep it</Button>
    </>
  )
}
