import { Field } from '../../../components/field.js'
import { Fold } from '../../../components/fold.js'
import { type FieldName, FIELDS, type FormField, type Values } from '../fields.js'

const GROUPS = [
  ['learning', 'How it learns'],
  ['network', 'Network and chance'],
] as const

interface Props {
  readonly values: Values
  readonly issues: ReadonlyMap<string, string>
  readonly onChange: (name: FieldName, text: string) => void
}

export function HyperparameterFields(props: Props) {
  return (
    <>
      <Group {...props} group="main" />
      {GROUPS.map(([group, title]) => (
        <Fold
          key={group}
          title={title}
          hasIssues={FIELDS.some((field) => field.group === group && props.issues.has(field.name))}
        >
          <Group {...props} group={group} />
        </Fold>
      ))}
    </>
  )
}

function Group({ group, values, issues, onChange }: Props & { group: FormField['group'] }) {
  return (
    <div className="card grid" style={{ ['--least' as string]: '12.5rem' }}>
      {FIELDS.filter((field) => field.group === group).map((field) => (
        <Field key={field.name} label={field.label} hint={field.hint} issue={issues.get(field.name)}>
          {(input) => (
            <Input
              field={field}
              input={input}
              value={values[field.name]}
              onChange={(text) => onChange(field.name, text)}
            />
          )}
        </Field>
      ))}
    </div>
  )
}

interface InputProps {
  readonly field: FormField
  readonly input: { readonly id: string; readonly 'aria-describedby': string; readonly 'aria-invalid': boolean }
  readonly value: string
  readonly onChange: (text: string) => void
}

function Input({ field, input, value, onChange }: InputProps) {
  const { kind } = field
  if (kind === 'number' || kind === 'numbers') {
    return (
      <input
        {...input}
        className="input number"
        inputMode={kind === 'number' ? 'decimal' : 'text'}
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
    )
  }
  const choices =
    kind === 'switch'
      ? ([
          ['false', 'No'],
          ['true', 'Yes'],
        ] as const)
      : kind
  return (
    <select {...input} className="input" value={value} onChange={(event) => onChange(event.target.value)}>
      {choices.map(([choice, name]) => (
        <option key={choice} value={choice}>
          {name}
        </option>
      ))}
    </select>
  )
}
