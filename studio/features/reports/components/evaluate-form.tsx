/** Asks for an evaluation: which checkpoint, on which pictures. */
import { type SubmitEvent, useState } from 'react'
import type { SplitName } from '../../../../client/documents.js'
import { useAsk, useChange } from '../../../api/api.js'
import { Answer } from '../../../components/answer.js'
import { Button, Notice } from '../../../components/controls.js'
import { Field } from '../../../components/field.js'
import { sentenceCase } from '../../../components/format.js'
import { issuesOf, refusalOf } from '../../../components/refusal.js'
import { SPLITS } from '../../../search.js'
import {
  EvaluateDocument,
  VersionsToEvaluateDocument,
  type VersionsToEvaluateQuery,
} from '../queries/reports.documents.js'

export interface EvaluatedRun {
  readonly id: string
  readonly datasetVersion: { readonly id: string }
  readonly bestCheckpoint: { readonly id: string } | null
  readonly checkpoints: { readonly nodes: readonly { readonly id: string; readonly epoch: number }[] }
}

export function EvaluateForm({ run }: { run: EvaluatedRun }) {
  const query = useAsk('datasets', VersionsToEvaluateDocument, {})
  return <Answer query={query}>{(result) => <Form run={run} choices={versionsLike(run, result)} />}</Answer>
}

type Version = Pick<VersionsToEvaluateQuery['datasets']['nodes'][number]['versions']['nodes'][number], 'id'> & {
  readonly title: string
}

/** Only those with the classes that the run learnt can be evaluated on; its own comes first. */
function versionsLike({ datasetVersion: own }: EvaluatedRun, { datasets }: VersionsToEvaluateQuery): Version[] {
  const all = datasets.nodes.flatMap(({ name, versions }) =>
    versions.nodes.map(({ id, number, classNames }) => ({
      id,
      title: `${name}, version ${String(number)}`,
      classes: [...classNames].sort().join('\n'),
    })),
  )
  const classes = all.find(({ id }) => id === own.id)?.classes
  const alike = classes === undefined ? all : all.filter((version) => version.classes === classes)
  return alike.sort((a, b) => Number(b.id === own.id) - Number(a.id === own.id))
}

const FIELDS = ['checkpointId', 'datasetVersionId', 'split']

function Form({ run, choices }: { run: EvaluatedRun; choices: readonly Version[] }) {
  const evaluate = useChange(EvaluateDocument, ['evaluations'])
  const checkpoints = run.checkpoints.nodes
  const [checkpointId, setCheckpointId] = useState(run.bestCheckpoint?.id ?? checkpoints[0]?.id ?? '')
  const [datasetVersionId, setVersionId] = useState(choices[0]?.id ?? '')
  const [split, setSplit] = useState<SplitName>('VALIDATION')
  const issues = new Map(issuesOf(evaluate).map(({ path, message }) => [path[0], message]))
  const refusal = refusalOf(evaluate, ({ path: [field = ''] }) => FIELDS.includes(field))
  /** What was said of another choice says nothing of this one. */
  const chosen = (set: (value: string) => void) => (value: string) => {
    set(value)
    evaluate.reset()
  }
  const submit = (event: SubmitEvent): void => {
    event.preventDefault()
    evaluate.mutate({ input: { checkpointId, datasetVersionId, split } })
  }
  return (
    <form className="stack" aria-label="Evaluate a checkpoint" onSubmit={submit}>
      <div className="grid" style={{ ['--least' as string]: '14rem' }}>
        <Choice
          label="Checkpoint"
          issue={issues.get('checkpointId')}
          value={checkpointId}
          choices={checkpoints.map(({ id, epoch }) => [
            id,
            `Epoch ${String(epoch)}${id === run.bestCheckpoint?.id ? ', the best' : ''}`,
          ])}
          onChange={chosen(setCheckpointId)}
        />
        <Choice
          label="Pictures"
          hint="Versions with the classes that it learnt."
          issue={issues.get('datasetVersionId')}
          value={datasetVersionId}
          choices={choices.map(({ id, title }) => [id, title])}
          onChange={chosen(setVersionId)}
        />
        <Choice
          label="Part"
          hint="Pictures that it learnt from say little."
          issue={issues.get('split')}
          value={split}
          choices={SPLITS.map((name) => [name, sentenceCase(name)])}
          onChange={chosen((name) => setSplit(name as SplitName))}
        />
      </div>
      {refusal !== undefined && <Notice tone="bad">{refusal}</Notice>}
      <div>
        <Button type="submit" kind="main" disabled={evaluate.isPending}>
          Evaluate
        </Button>
      </div>
    </form>
  )
}

interface ChoiceProps {
  readonly label: string
  readonly hint?: string
  readonly issue: string | undefined
  readonly value: string
  readonly choices: readonly (readonly [value: string, title: string])[]
  readonly onChange: (value: string) => void
}

function Choice({ value, choices, onChange, ...field }: ChoiceProps) {
  return (
    <Field {...field}>
      {(input) => (
        <select {...input} className="input" value={value} onChange={(event) => onChange(event.target.value)}>
          {choices.map(([choice, title]) => (
            <option key={choice} value={choice}>
              {title}
            </option>
          ))}
        </select>
      )}
    </Field>
  )
}
