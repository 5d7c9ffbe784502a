/** What was frozen of the dataset, and freezing it again with a preview of the splits. */
import { Link } from '@tanstack/react-router'
import { type SubmitEvent, useState } from 'react'
import { useChange } from '../../../api/api.js'
import { Button, Empty, Facts, Notice } from '../../../components/controls.js'
import { Field } from '../../../components/field.js'
import { count, counted, moment } from '../../../components/format.js'
import { Refusals } from '../../../components/refusal.js'
import { FreezeVersionDocument, type FreezeVersionMutation } from '../queries/datasets.documents.js'
import { type Fractions, previewOf } from '../split-preview.js'
import type { FullDataset } from './dataset-page.js'

export function Versions({ dataset }: { dataset: FullDataset }) {
  const versions = dataset.versions.nodes
  return (
    <>
      <FreezeForm dataset={dataset} />
      {versions.length === 0 && (
        <Empty title="No version yet">
          <p>
            A run trains on a version: pictures, labels and splits as they were when it was frozen. It never changes.
          </p>
        </Empty>
      )}
      <ul className="grid grid--cards">
        {versions.map((version) => (
          <li key={version.id} className="card stack">
            <div className="row row--spread">
              <h2>Version {version.number}</h2>
              <Link to="/train" search={{ version: version.id }}>
                Train on it
              </Link>
            </div>
            <Facts
              facts={[
                ['made', moment(version.createdAt)],
                ...version.splits.map((split) => [split.name.toLowerCase(), count(split.imageCount)] as const),
                ['classes', version.classNames.join(', ')],
                ['digest', <code key="digest">{version.digest.slice(0, 12)}</code>],
              ]}
            />
            <Link
              to="/datasets/$datasetId"
              params={{ datasetId: dataset.id }}
              search={{ view: 'pictures', version: version.id }}
            >
              Its pictures
            </Link>
          </li>
        ))}
      </ul>
    </>
  )
}

const SHARES: readonly (readonly [keyof Fractions, string])[] = [
  ['train', 'Train'],
  ['validation', 'Validation'],
  ['test', 'Test'],
]

function FreezeForm({ dataset }: { dataset: FullDataset }) {
  const freeze = useChange(FreezeVersionDocument, ['datasets'])
  const [byFolders, setByFolders] = useState(false)
  const [shares, setShares] = useState({ train: '0.8', validation: '0.1', test: '0.1' })
  const [seed, setSeed] = useState('0')
  const [evidence, setEvidence] = useState<Evidence>('NONE')
  const fractions = { train: Number(shares.train), validation: Number(shares.validation), test: Number(shares.test) }
  const submit = (event: SubmitEvent): void => {
    event.preventDefault()
    const drawn = { split: { fractions }, ...(evidence === 'NONE' ? {} : { keepDuplicatesTogether: evidence }) }
    const how = byFolders ? { split: { fromFolders: true } } : drawn
    freeze.mutate({ input: { datasetId: dataset.id, seed: Number(seed), ...how } })
  }
  return (
    <form className="card stack" onSubmit={submit}>
      <h2>Freeze a version</h2>
      <label className="row row--line">
        <input type="checkbox" checked={byFolders} onChange={(event) => setByFolders(event.target.checked)} />
        As the pictures lay: in train, validation and test folders
      </label>
      <div className="freeze">
        <div className="stack">
          {!byFolders && (
            <div className="grid" style={{ ['--least' as string]: '6rem' }}>
              {SHARES.map(([name, title]) => (
                <Field key={name} label={title}>
                  {(input) => (
                    <input
                      {...input}
                      className="input number"
                      inputMode="decimal"
                      value={shares[name]}
                      onChange={(event) => setShares({ ...shares, [name]: event.target.value })}
                    />
                  )}
                </Field>
              ))}
              <Field label="Seed">
                {(input) => (
                  <input
                    {...input}
                    className="input number"
                    value={seed}
                    onChange={(event) => setSeed(event.target.value)}
                  />
                )}
              </Field>
            </div>
          )}
          {!byFolders && <DuplicatesField evidence={evidence} onChange={setEvidence} />}
        </div>
        {!byFolders && <Preview dataset={dataset} fractions={fractions} />}
      </div>
      <Refusals of={[freeze]} />
      <Frozen answer={freeze.data?.createDatasetVersion} />
      <div>
        <Button type="submit" kind="main" disabled={freeze.isPending || dataset.imageCount === 0}>
          Freeze
        </Button>
      </div>
    </form>
  )
}

const EVIDENCE = [
  ['NONE', 'Draw each picture for itself', 'The same picture may then be learnt from and tested on.'],
  ['HASH', 'Keep those together that look the same', 'Scaled, compressed, lit otherwise or mirrored: known at once.'],
  ['HEALTH', 'Keep those together that Health found', 'Cropped ones too. Look there first, so that it is current.'],
] as const
type Evidence = (typeof EVIDENCE)[number][0]

function DuplicatesField({ evidence, onChange }: { evidence: Evidence; onChange: (next: Evidence) => void }) {
  const hint = EVIDENCE.find(([value]) => value === evidence)?.[2]
  return (
    <Field label="Duplicates" hint={hint}>
      {(input) => (
        <select
          {...input}
          className="input input--narrow"
          value={evidence}
          onChange={({ target }) => onChange(EVIDENCE.find(([value]) => value === target.value)?.[0] ?? 'NONE')}
        >
          {EVIDENCE.map(([value, title]) => (
            <option key={value} value={value}>
              {title}
            </option>
          ))}
        </select>
      )}
    </Field>
  )
}

function Frozen({ answer }: { answer: FreezeVersionMutation['createDatasetVersion'] | undefined }) {
  if (answer?.__typename !== 'CreateDatasetVersionSuccess') return null
  const { datasetVersion, duplicates } = answer
  return (
    <Notice>
      Version {datasetVersion.number} is frozen.
      {duplicates !== null &&
        ` Kept together: ${counted(duplicates.groupCount, 'group')} of duplicates, ${counted(duplicates.imageCount, 'picture')}.`}
    </Notice>
  )
}

function Preview({ dataset, fractions }: { dataset: FullDataset; fractions: Fractions }) {
  return (
    <div className="scroll-x" tabIndex={0} role="region" aria-label="Preview of the splits">
      <table className="table">
        <thead>
          <tr>
            <th scope="col">Class</th>
            {SHARES.map(([name, title]) => (
              <th key={name} scope="col" className="right">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {dataset.classes.map(({ label, imageCount }) => {
            const row = previewOf(label, imageCount, fractions)
            return (
              <tr key={label}>
                <th scope="row">{label}</th>
                {row === null ? (
                  <td colSpan={3}>too few pictures: {imageCount}</td>
                ) : (
                  SHARES.map(([name]) => (
                    <td key={name} className="right">
                      {count(row[name])}
                    </td>
                  ))
                )}
              </tr>
            )
          })}
        </tbody>
      </table>
    </div>
  )
}
