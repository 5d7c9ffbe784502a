/** A picture in, its class out: dropped, pasted, chosen or photographed. */
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useCallback, useEffect, useState } from 'react'
import { useAsk, useChange } from '../../../api/api.js'
import { Answer } from '../../../components/answer.js'
import { Empty, Notice } from '../../../components/controls.js'
import { percent } from '../../../components/format.js'
import { Later } from '../../../components/later.js'
import { Refusals } from '../../../components/refusal.js'
import { checkpointTitle } from '../../models/checkpoint-title.js'
import type { Sight } from '../looks.js'
import {
  ClassifyPictureDocument,
  ModelsDocument,
  type ModelsQuery,
  type PredictionFactsFragment,
} from '../queries/classify.documents.js'
import { PictureInput } from './picture-input.js'
import { Verdict } from './verdict.js'
import './classify.css'

type Model = NonNullable<ModelsQuery['trainingRuns']['nodes'][number]['bestCheckpoint']>

interface Choice {
  /** `alias:NAME` or `checkpoint:ID`. */
  readonly key: string
  readonly title: string
  readonly reference: { readonly alias: string } | { readonly checkpointId: string }
  readonly model: Model
}

interface Taken {
  readonly base64: string
  /** For this page to show. */
  readonly url: string
}

export function ClassifyPage() {
  const { checkpoint } = useSearch({ from: '/classify' })
  const query = useAsk('aliases', ModelsDocument, { asked: checkpoint === undefined ? [] : [checkpoint] })
  return (
    <>
      <h1>Classify a picture</h1>
      <Answer query={query}>
        {(models) => {
          const choices = choicesOf(models)
          const [first] = choices
          return first === undefined ? (
            <NoModels />
          ) : (
            <Classifier choices={choices} first={first} isWhole={!query.isPlaceholderData} />
          )
        }}
      </Answer>
    </>
  )
}

function NoModels() {
  return (
    <Empty title="There is no model yet">
      <p>One comes out of every run that succeeds.</p>
      <Link to="/train" search={{}} className="button button--main">
        Start a run
      </Link>
    </Empty>
  )
}

/** Aliases first, then what the address asks for, then the best of the last runs. */
function choicesOf({ aliases, trainingRuns, asked }: ModelsQuery): Choice[] {
  const named = aliases.map(({ name, checkpoint }) => ({
    key: `alias:${name}`,
    title: `${name} (${checkpoint.trainingRun.name})`,
    reference: { alias: name },
    model: checkpoint,
  }))
  const best = trainingRuns.nodes.flatMap(({ bestCheckpoint }) => bestCheckpoint ?? [])
  const other = asked
    .filter((node) => node?.__typename === 'Checkpoint')
    .filter(({ id }) => best.every((model) => model.id !== id))
  const checkpoints = [...other, ...best].map((model) => ({
    key: `checkpoint:${model.id}`,
    title: checkpointTitle(model.trainingRun.name, model),
    reference: { checkpointId: model.id },
    model,
  }))
  return [...named, ...checkpoints]
}

interface ClassifierProps {
  readonly choices: readonly Choice[]
  readonly first: Choice
  /** Whether the choices are those of this very address. */
  readonly isWhole: boolean
}

function Classifier({ choices, first, isWhole }: ClassifierProps) {
  const search = useSearch({ from: '/classify' })
  const navigate = useNavigate({ from: '/classify' })
  const wanted = search.alias === undefined ? `checkpoint:${search.checkpoint ?? ''}` : `alias:${search.alias}`
  const found = choices.find(({ key }) => key === wanted)
  const choice = found ?? first
  const isMissing = isWhole && found === undefined && (search.alias ?? search.checkpoint) !== undefined
  const [picture, setPicture] = useState<Taken | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const classify = useChange(ClassifyPictureDocument, ['predictions'])
  const { mutate } = classify
  const ask = useCallback(
    ({ base64 }: Taken, { reference }: Choice) => {
      mutate({ input: { image: { base64 }, model: reference, topK: 10 } })
    },
    [mutate],
  )
  const take = useCallback(
    (file: Blob) => {
      const read = async (): Promise<void> => {
        const taken = { base64: await base64Of(file), url: URL.createObjectURL(file) }
        setProblem(null)
        setPicture(taken)
        ask(taken, choice)
      }
      read().catch((error: unknown) => setProblem(error instanceof Error ? error.message : String(error)))
    },
    [ask, choice],
  )
  useEffect(() => () => URL.revokeObjectURL(picture?.url ?? ''), [picture])
  const choose = (key: string): void => {
    const next = choices.find((each) => each.key === key)
    if (next === undefined) return
    const to = 'alias' in next.reference ? { alias: next.reference.alias } : { checkpoint: next.reference.checkpointId }
    void navigate({ search: to, replace: true })
    if (picture !== null) ask(picture, next)
  }
  const answer = classify.isPending ? undefined : classify.data?.classify
  const prediction = answer?.__typename === 'ClassifySuccess' ? answer.prediction : undefined
  const sight = prediction === undefined || picture === null ? null : sightOf(prediction, picture)
  return (
    <div className="classify">
      <div className="stack">
        <select
          className="input"
          aria-label="Model"
          value={choice.key}
          onChange={(event) => choose(event.target.value)}
        >
          <Options title="Names" choices={choices.filter(({ reference }) => 'alias' in reference)} />
          <Options title="Checkpoints" choices={choices.filter(({ reference }) => !('alias' in reference))} />
        </select>
        {isMissing && <Notice tone="warn">The model that the address names is gone: {choice.title} answers.</Notice>}
        <PictureInput onPicture={take} />
        {picture !== null && <img className="classify__picture" src={picture.url} alt="What is classified" />}
      </div>
      <p className="visually-hidden" role="status">
        {classify.isPending && <Looking />}
        {prediction !== undefined && `${prediction.label}, ${percent(prediction.confidence, 1)}`}
      </p>
      {prediction === undefined ? (
        <div className="stack">
          {classify.isIdle && problem === null && <Notice>What the model says of your picture stands here.</Notice>}
          {classify.isPending && (
            <p className="soft" aria-hidden="true">
              <Looking />
            </p>
          )}
          {problem !== null && <Notice tone="bad">The file cannot be read: {problem}</Notice>}
          <Refusals of={[classify]} />
        </div>
      ) : (
        <Verdict
          key={prediction.id}
          prediction={prediction}
          sight={sight}
          classNames={choice.model.trainingRun.datasetVersion.classNames}
        />
      )}
    </div>
  )
}

/** A network that nobody has asked for yet is read from storage first. */
const LONG_MS = 1000

function Looking() {
  return (
    <>
      Looking … <Later ms={LONG_MS}>The network is being loaded; the first picture takes a few seconds.</Later>
    </>
  )
}

function Options({ title, choices }: { title: string; choices: readonly Choice[] }) {
  if (choices.length === 0) return null
  return (
    <optgroup label={title}>
      {choices.map(({ key, title }) => (
        <option key={key} value={key}>
          {title}
        </option>
      ))}
    </optgroup>
  )
}

/** Null where the checkpoint was deleted meanwhile. */
function sightOf({ id, checkpoint }: PredictionFactsFragment, { base64 }: Taken): Sight | null {
  return checkpoint && { predictionId: id, checkpointId: checkpoint.id, base64 }
}

async function base64Of(file: Blob): Promise<string> {
  const reader = new FileReader()
  return new Promise((resolve, reject) => {
    reader.onload = () => resolve(reader.result as string)
    reader.onerror = () => reject(reader.error ?? new Error('The file cannot be read.'))
    reader.readAsDataURL(file)
  })
}
