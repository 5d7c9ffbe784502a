/** How pictures come in: from this computer or from a folder of the server, and what became of each import. */
import { type SubmitEvent, useState } from 'react'
import { useChange } from '../../../api/api.js'
import { Badge, Button, Empty, Notice, Progress } from '../../../components/controls.js'
import { Field } from '../../../components/field.js'
import { count, counted, sentenceCase } from '../../../components/format.js'
import { refusalOf } from '../../../components/refusal.js'
import {
  ImportDirectoryDocument,
  type ImportFiguresFragment,
  StopImportDocument,
} from '../queries/datasets.documents.js'
import type { FullDataset } from './dataset-page.js'
import { DropPictures } from './drop-pictures.js'
import { isUnderWay } from './follow-imports.js'

export function Imports({ dataset }: { dataset: FullDataset }) {
  const imports = dataset.imports.nodes
  return (
    <>
      <DropPictures datasetId={dataset.id} />
      <DirectoryForm datasetId={dataset.id} />
      {imports.length === 0 && (
        <Empty title="Nothing was imported yet">
          <p>
            Pictures lie in a folder per class, such as <code>cat/1.jpg</code> and <code>dog/2.jpg</code>; or in such
            folders under <code>train/</code>, <code>validation/</code> and <code>test/</code>; or are named{' '}
            <code>cat.17.jpg</code>.
          </p>
        </Empty>
      )}
      <ul className="stack">
        {imports.map((each) => (
          <li key={each.id} className="card">
            <Import state={each} />
          </li>
        ))}
      </ul>
    </>
  )
}

function DirectoryForm({ datasetId }: { datasetId: string }) {
  const start = useChange(ImportDirectoryDocument, ['datasets'])
  const [directory, setDirectory] = useState('')
  const submit = (event: SubmitEvent): void => {
    event.preventDefault()
    start.mutate({ datasetId, directory })
  }
  return (
    <details>
      <summary>A folder of the server</summary>
      <form className="row" onSubmit={submit}>
        <Field label="Folder" hint="It must lie in a folder that the server may import from." issue={refusalOf(start)}>
          {(input) => (
            <input
              {...input}
              className="input"
              value={directory}
              onChange={(event) => setDirectory(event.target.value)}
            />
          )}
        </Field>
        <Button type="submit" disabled={directory === '' || start.isPending}>
          Import
        </Button>
      </form>
    </details>
  )
}

/** Rejected files that are shown without being asked for. */
const FEW = 20

function Import({ state }: { state: ImportFiguresFragment }) {
  const stop = useChange(StopImportDocument, ['datasets'])
  const isLive = isUnderWay(state)
  return (
    <div className="stack">
      <div className="row row--spread">
        <Badge tone={isLive ? 'busy' : state.state === 'SUCCEEDED' ? 'good' : 'bad'}>{sentenceCase(state.state)}</Badge>
        {isLive && <Button onClick={() => stop.mutate({ id: state.id })}>Cancel</Button>}
      </div>
      {isLive && (
        <Progress
          label={`${count(state.processed)} of ${state.total === null ? '… files' : counted(state.total, 'file')}`}
          done={state.processed}
          total={state.total ?? 0}
        />
      )}
      <p className="number">
        {count(state.added)} added, {count(state.duplicates)} there already, {count(state.rejectedCount)} rejected
      </p>
      {state.error !== null && <Notice tone="bad">{state.error}</Notice>}
      {state.rejected.length > 0 && <Rejected state={state} />}
    </div>
  )
}

function Rejected({ state }: { state: ImportFiguresFragment }) {
  return (
    <details open={state.rejected.length <= FEW}>
      <summary>
        Rejected files
        {state.rejectedCount > state.rejected.length ? `, the first ${String(state.rejected.length)}` : ''}
      </summary>
      <div className="scroll-x" tabIndex={0} role="region" aria-label="Rejected files">
        <table className="table">
          <tbody>
            {state.rejected.map(({ fileName, reason }, index) => (
              <tr key={index}>
                <th scope="row">{fileName}</th>
                <td>{reason}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  )
}
