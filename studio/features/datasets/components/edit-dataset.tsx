import { type SubmitEvent, useState } from 'react'
import { useChange } from '../../../api/api.js'
import { Button, Notice } from '../../../components/controls.js'
import { Field } from '../../../components/field.js'
import { issuesOf, refusalOf } from '../../../components/refusal.js'
import { ChangeDatasetDocument } from '../queries/datasets.documents.js'
import type { FullDataset } from './dataset-page.js'

/** Its name, and what it is about. */
export function EditDataset({ dataset, onClose }: { dataset: FullDataset; onClose: () => void }) {
  const change = useChange(ChangeDatasetDocument, ['datasets', 'runs'])
  const [name, setName] = useState(dataset.name)
  const [description, setDescription] = useState(dataset.description ?? '')
  const answer = change.data?.updateDataset
  const issues = new Map(issuesOf(change).map(({ path, message }) => [path[0], message]))
  const taken = answer?.__typename === 'NameTaken' ? answer.message : undefined
  const refusal = refusalOf(change, ({ path: [field] }) => field === 'name' || field === 'description')
  const rename = (text: string): void => {
    setName(text)
    // What was said of the old one says nothing of the new.
    change.reset()
  }
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault()
    const { updateDataset } = await change.mutateAsync({ input: { datasetId: dataset.id, name, description } })
    if (updateDataset.__typename === 'UpdateDatasetSuccess') onClose()
  }
  return (
    <form
      className="card stack"
      aria-label="Edit the dataset"
      onSubmit={(event) => void submit(event).catch(() => undefined)}
    >
      <Field label="Name" issue={taken ?? issues.get('name')}>
        {(input) => (
          <input {...input} className="input" value={name} onChange={(event) => rename(event.target.value)} />
        )}
      </Field>
      <Field label="Description" hint="What it is about; empty for none." issue={issues.get('description')}>
        {(input) => (
          <textarea
            {...input}
            className="input"
            rows={3}
            value={description}
            onChange={(event) => setDescription(event.target.value)}
          />
        )}
      </Field>
      {taken === undefined && refusal !== undefined && <Notice tone="bad">{refusal}</Notice>}
      <div className="row">
        <Button type="submit" kind="main" disabled={name.trim() === '' || change.isPending}>
          Save
        </Button>
        <Button onClick={onClose}>Cancel</Button>
      </div>
    </form>
  )
}
