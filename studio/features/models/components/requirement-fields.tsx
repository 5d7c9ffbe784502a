import { Field } from '../../../components/field.js'
import { Fold } from '../../../components/fold.js'
import { type RequirementName, REQUIREMENTS, type RequirementTexts } from '../requirement.js'

interface Props {
  readonly texts: RequirementTexts
  readonly issues: ReadonlyMap<string, string>
  readonly onChange: (name: RequirementName, text: string) => void
}

export function RequirementFields({ texts, issues, onChange }: Props) {
  return (
    <Fold title="Only if it is good enough" hasIssues={REQUIREMENTS.some(([name]) => issues.has(name))}>
      <div className="stack">
        <p className="field__hint">
          The least of each on test, from 0 to 1; empty requires nothing. Gains are over what the name points to, on the
          same pictures; below 0 they allow a loss.
        </p>
        <div className="grid" style={{ ['--least' as string]: '8.5rem' }}>
          {REQUIREMENTS.map(([name, title]) => (
            <Field key={name} label={title} issue={issues.get(name)}>
              {(input) => (
                <input
                  {...input}
                  className="input number"
                  inputMode="decimal"
                  value={texts[name]}
                  onChange={(event) => onChange(name, event.target.value)}
                />
              )}
            </Field>
          ))}
        </div>
      </div>
    </Fold>
  )
}
