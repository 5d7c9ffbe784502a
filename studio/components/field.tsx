/** A labelled input with a hint and what is wrong with its value. */
import { type ReactNode, useId } from 'react'

export interface FieldProps {
  readonly label: string
  readonly hint?: ReactNode
  readonly issue?: string | undefined
  /** Gets what ties the input to its label, hint and issue. */
  readonly children: (input: { id: string; 'aria-describedby': string; 'aria-invalid': boolean }) => ReactNode
}

export function Field({ label, hint, issue, children }: FieldProps) {
  const id = useId()
  const described = `${id}-hint`
  return (
    <div className="field">
      <label className="field__label" htmlFor={id}>
        {label}
      </label>
      {children({ id, 'aria-describedby': described, 'aria-invalid': issue !== undefined })}
      <div id={described}>
        {issue !== undefined && <p className="field__issue">{issue}</p>}
        {hint !== undefined && <p className="field__hint">{hint}</p>}
      </div>
    </div>
  )
}
