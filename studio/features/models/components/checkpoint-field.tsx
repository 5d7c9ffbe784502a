/** Which checkpoint: the best one of a run that succeeded, found by the run's name where there are many. */
import { useState } from 'react'
import { useAsk } from '../../../api/api.js'
import { Field } from '../../../components/field.js'
import { checkpointTitle } from '../checkpoint-title.js'
import { RunsToServeDocument } from '../queries/models.documents.js'

interface Props {
  /** Empty before one is chosen. */
  readonly value: string
  /** The one that is pointed to already: it is not among those to choose. */
  readonly except: string | null
  readonly issue: string | undefined
  readonly onChange: (checkpointId: string) => void
}

export function CheckpointField({ value, except, issue, onChange }: Props) {
  const [name, setName] = useState('')
  const { data } = useAsk('runs', RunsToServeDocument, { nameContains: name === '' ? null : name })
  const choices = (data?.trainingRuns.nodes ?? []).flatMap(({ name, bestCheckpoint: best }) =>
    best === null || best.id === except ? [] : [{ id: best.id, title: checkpointTitle(name, best) }],
  )
  const isMany = name !== '' || data?.trainingRuns.pageInfo.hasNextPage === true
  const find = (text: string): void => {
    setName(text)
    onChange('')
  }
  return (
    <>
      {isMany && (
        <Field label="Name of the run contains">
          {(input) => (
            <input
              {...input}
              type="search"
              className="input"
              value={name}
              onChange={(event) => find(event.target.value)}
            />
          )}
        </Field>
      )}
      <Field label="Checkpoint" issue={issue}>
        {(input) => (
          <select {...input} className="input" value={value} onChange={(event) => onChange(event.target.value)}>
            <option value="">{choices.length === 0 ? 'There is no other' : 'Choose one'}</option>
            {choices.map(({ id, title }) => (
              <option key={id} value={id}>
                {title}
              </option>
            ))}
          </select>
        )}
      </Field>
    </>
  )
}
