/** Points a name to a checkpoint; what the form is not told, it asks for. */
import { type SubmitEvent, useId, useState } from 'react'
import { useAsk, useChange } from '../../../api/api.js'
import { Button, Notice } from '../../../components/controls.js'
import { Field } from '../../../components/field.js'
import { type Issue, issuesOf, refusalOf } from '../../../components/refusal.js'
import { AliasNamesDocument, PointAliasDocument } from '../queries/models.documents.js'
import { NOTHING_REQUIRED, requirementOf } from '../requirement.js'
import { CheckpointField } from './checkpoint-field.js'
import { RequirementFields } from './requirement-fields.js'

interface Props {
  /** A name that is there already. */
  readonly name?: string
  readonly checkpointId?: string
  /** What the name points to now. */
  readonly holderId?: string
  readonly onPointed?: () => void
}

export function PointAlias({ name: givenName, checkpointId: givenId, holderId, onPointed }: Props) {
  const point = useChange(PointAliasDocument, ['aliases', 'predictions', 'runs'])
  const [name, setName] = useState('')
  const [chosen, setChosen] = useState('')
  const [texts, setTexts] = useState(NOTHING_REQUIRED)
  const target = { name: givenName ?? name, checkpointId: givenId ?? chosen }
  const { require, issues: typed } = requirementOf(texts)
  const answer = point.data?.assignAlias
  const issues = new Map([...issuesOf(point).map((issue) => [fieldOf(issue), issue.message] as const), ...typed])
  // A checkpoint that was given has no field.
  const isBeside = (issue: Issue): boolean => givenId === undefined || fieldOf(issue) !== 'checkpointId'
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault()
    const { assignAlias } = await point.mutateAsync({ input: { ...target, require } })
    if (assignAlias.__typename === 'AssignAliasSuccess') onPointed?.()
  }
  const isWhole = target.name !== '' && target.checkpointId !== ''
  return (
    <form className="stack" onSubmit={(event) => void submit(event).catch(() => undefined)}>
      <div className="grid" style={{ ['--least' as string]: '16rem' }}>
        {givenName === undefined && <NameField value={name} issue={issues.get('name')} onChange={setName} />}
        {givenId === undefined && (
          <CheckpointField
            value={chosen}
            except={holderId ?? null}
            issue={issues.get('checkpointId')}
            onChange={setChosen}
          />
        )}
      </div>
      <RequirementFields
        texts={texts}
        issues={issues}
        onChange={(field, text) => setTexts({ ...texts, [field]: text })}
      />
      <Refused message={refusalOf(point, isBeside)} />
      {answer?.__typename === 'AssignAliasSuccess' && onPointed === undefined && (
        <Notice>{answer.alias.name} points to it now.</Notice>
      )}
      <div>
        <Button type="submit" kind="main" disabled={!isWhole || typed.size > 0 || point.isPending}>
          {givenName === undefined ? 'Give the name' : 'Point it there'}
        </Button>
      </div>
    </form>
  )
}

function Refused({ message }: { message: string | undefined }) {
  return message !== undefined && <Notice tone="bad">{message}</Notice>
}

interface NameProps {
  readonly value: string
  readonly issue: string | undefined
  readonly onChange: (name: string) => void
}

function NameField({ value, issue, onChange }: NameProps) {
  const known = useId()
  const { data } = useAsk('aliases', AliasNamesDocument, {})
  const isKnown = data?.aliases.some(({ name }) => name === value) === true
  const hint = isKnown ? 'A name that is there: it moves here.' : 'What front ends ask for, such as pets/production.'
  return (
    <Field label="Name" hint={hint} issue={issue}>
      {(input) => (
        <>
          <input
            {...input}
            className="input"
            list={known}
            autoComplete="off"
            value={value}
            onChange={(event) => onChange(event.target.value)}
          />
          <datalist id={known}>
            {data?.aliases.map(({ id, name }) => (
              <option key={id}>{name}</option>
            ))}
          </datalist>
        </>
      )}
    </Field>
  )
}

/** By the last part of the path: `require.minMacroF1` is the form's `minMacroF1`. */
function fieldOf({ path }: Issue): string {
  return path.at(-1) ?? 'name'
}
