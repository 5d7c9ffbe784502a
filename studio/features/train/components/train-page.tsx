/** Starts a run: which pictures, how it should learn, and every issue beside its field. */
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { type SubmitEvent, useEffect, useRef, useState } from 'react'
import { useAsk, useChange } from '../../../api/api.js'
import { Answer } from '../../../components/answer.js'
import { Button, Empty, Notice } from '../../../components/controls.js'
import { Field } from '../../../components/field.js'
import { bytes, duration } from '../../../components/format.js'
import { type Issue, issuesOf, refusalOf } from '../../../components/refusal.js'
import { SystemStateDocument } from '../../../system.documents.js'
import { estimatedSeconds } from '../estimate.js'
import { FIELDS, INITIAL, inputOf, type Values, valuesOf } from '../fields.js'
import {
  type HyperparametersInput,
  MemoryToTrainDocument,
  RecentSpeedsDocument,
  RunToRepeatDocument,
  type RunToRepeatQuery,
  StartRunDocument,
  type VersionsToTrainQuery,
  VersionsToTrainDocument,
} from '../queries/train.documents.js'
import { HyperparameterFields } from './hyperparameter-fields.js'

export function TrainPage() {
  const { version, like, changes } = useSearch({ from: '/train' })
  const versions = useAsk('datasets', VersionsToTrainDocument, {})
  return (
    <>
      <h1>Start a run</h1>
      <Answer query={versions}>
        {({ datasets }) =>
          like === undefined ? (
            <TrainForm datasets={datasets} version={version} initial={INITIAL} from={null} />
          ) : (
            <LikeAnother runId={like} changes={changes ?? {}}>
              {(initial, from) => <TrainForm datasets={datasets} version={version} initial={initial} from={from} />}
            </LikeAnother>
          )
        }
      </Answer>
    </>
  )
}

interface LikeAnotherProps {
  readonly runId: string
  readonly changes: Readonly<Record<string, string>>
  readonly children: (initial: Values, from: StartingPoint | null) => React.ReactNode
}

type StartingPoint = NonNullable<
  Extract<NonNullable<RunToRepeatQuery['node']>, { __typename: 'TrainingRun' }>['fromCheckpoint']
>

function LikeAnother({ runId, changes, children }: LikeAnotherProps) {
  const query = useAsk('runs', RunToRepeatDocument, { id: runId })
  return (
    <Answer query={query}>
      {({ node }) => {
        const run = node?.__typename === 'TrainingRun' ? node : null
        return children(
          { ...(run === null ? INITIAL : valuesOf(run.hyperparameters)), ...changes },
          run?.fromCheckpoint ?? null,
        )
      }}
    </Answer>
  )
}

interface FormProps {
  readonly datasets: VersionsToTrainQuery['datasets']
  readonly version: string | undefined
  readonly initial: Values
  /** Whose weights it begins with; null for the trunk's own and a new head. */
  readonly from: StartingPoint | null
}

function TrainForm({ datasets, version, initial, from }: FormProps) {
  const navigate = useNavigate()
  const start = useChange(StartRunDocument, ['runs'])
  const choices = datasets.nodes.flatMap((dataset) =>
    dataset.versions.nodes.map((each) => ({ ...each, title: `${dataset.name}, version ${String(each.number)}` })),
  )
  const [versionId, setVersionId] = useState(version ?? choices[0]?.id ?? '')
  const [name, setName] = useState('')
  const [values, setValues] = useState(initial)
  const { input, issues: typed } = inputOf(values)
  const issues = new Map([...issuesOf(start).map((issue) => [fieldOf(issue), issue.message] as const), ...typed])
  const refusal = refusalOf(start, (issue) => NAMES.has(fieldOf(issue)))
  const form = useRef<HTMLFormElement>(null)
  useEffect(() => {
    // After the folds have opened on theirs.
    form.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus()
  }, [start.data])
  const trainPictures = choices
    .find(({ id }) => id === versionId)
    ?.splits.find((split) => split.name === 'TRAIN')?.imageCount
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault()
    const { startTrainingRun: answer } = await start.mutateAsync({
      input: {
        datasetVersionId: versionId,
        name: name === '' ? null : name,
        fromCheckpointId: from?.id ?? null,
        hyperparameters: input,
      },
    })
    if (answer.__typename !== 'StartTrainingRunSuccess') return
    await navigate({ to: '/runs/$runId', params: { runId: answer.trainingRun.id }, search: {} })
  }
  if (choices.length === 0) {
    return (
      <Empty title="There is nothing to train on yet">
        <p>A run trains on a frozen version of a dataset: open a dataset, and freeze one under Versions.</p>
        <Link to="/datasets" className="button button--main">
          Datasets
        </Link>
      </Empty>
    )
  }
  return (
    <form ref={form} className="stack" noValidate onSubmit={(event) => void submit(event).catch(() => undefined)}>
      <div className="card grid">
        <Field
          label="Pictures"
          hint="A frozen version of a dataset; more are frozen on its page."
          issue={issues.get('datasetVersionId')}
        >
          {(field) => (
            <select
              {...field}
              className="input"
              value={versionId}
              onChange={(event) => setVersionId(event.target.value)}
            >
              {choices.map(({ id, title }) => (
                <option key={id} value={id}>
                  {title}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field label="Name" hint="Empty: Graft gives it one." issue={issues.get('name')}>
          {(field) => (
            <input {...field} className="input" value={name} onChange={(event) => setName(event.target.value)} />
          )}
        </Field>
      </div>
      {from !== null && (
        <Notice>
          It begins with the weights of {from.trainingRun.name}, epoch {from.epoch}.
        </Notice>
      )}
      <HyperparameterFields
        values={values}
        issues={issues}
        onChange={(field, text) => setValues({ ...values, [field]: text })}
      />
      {refusal !== undefined && <Notice tone="bad">{refusal}</Notice>}
      <TrunkOutOfReach />
      <div className="row">
        <Button type="submit" kind="main" disabled={start.isPending || typed.size > 0}>
          Start
        </Button>
        <div className="soft">
          <Estimate values={values} trainPictures={trainPictures ?? 0} />
          {typed.size === 0 && <MemoryEstimate version={versionId} hyperparameters={input} />}
        </div>
      </div>
    </form>
  )
}

function Estimate({ values, trainPictures }: { values: Values; trainPictures: number }) {
  const { data } = useAsk('runs', RecentSpeedsDocument, {})
  if (data === undefined) return null
  const seconds = estimatedSeconds(data, {
    trainableLayers: values.trainableLayers,
    imageSize: Number(values.imageSize),
    epochs: Number(values.epochs),
    trainPictures,
  })
  return (
    <p>
      {seconds === null
        ? 'No run of this kind has finished here yet: how long it takes shows once it trains.'
        : `About ${duration(seconds)} of training, by the last run of this kind; features that are not kept yet come on top.`}
    </p>
  )
}

/** Said before it is started; a trainer that begins meanwhile, or weights that come, may take it up all the same. */
function TrunkOutOfReach() {
  const { data } = useAsk('system', SystemStateDocument, {})
  const faults = data?.system.trainers.flatMap(({ trunkFault }) => trunkFault ?? []) ?? []
  if (faults.length === 0 || faults.length < (data?.system.trainers.length ?? 0)) return null
  return (
    <Notice tone="warn">
      <p>The weights of the trunk are not at hand: a run that starts now would fail.</p>
      <p className="small">{faults[0]}</p>
    </Notice>
  )
}

function MemoryEstimate({ version, hyperparameters }: { version: string; hyperparameters: HyperparametersInput }) {
  const { data } = useAsk('datasets', MemoryToTrainDocument, { version, hyperparameters })
  const needed = data?.node?.__typename === 'DatasetVersion' ? data.node.trainingMemoryBytes : null
  return needed === null ? null : <p>A step takes about {bytes(needed)} of memory.</p>
}

const NAMES: ReadonlySet<string> = new Set(['datasetVersionId', 'name', ...FIELDS.map(({ name }) => name)])

/** By the member of the input that it is about: `earlyStopping.patience` is the form's `patience`. */
function fieldOf({ path: [head = '', second = '', third] }: Issue): string {
  if (head !== 'hyperparameters') return head
  return second === 'earlyStopping' ? (third ?? 'patience') : second
}
