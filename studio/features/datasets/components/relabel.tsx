import { type KeyboardEvent, type SubmitEvent, useState } from 'react'
import type { PictureFactsFragment } from '../queries/datasets.documents.js'
import type { FullDataset } from './dataset-page.js'

interface Props {
  readonly picture: PictureFactsFragment
  /** The id of the ClassChoices. */
  readonly classes: string
  readonly onRelabel: (label: string) => void
}

/** The class of a picture, to type another one over: Enter gives it, Escape leaves it as it was. */
export function Relabel({ picture, classes, onRelabel }: Props) {
  const [label, setLabel] = useState(picture.label)
  const submit = (event: SubmitEvent): void => {
    event.preventDefault()
    if (label.trim() !== '' && label !== picture.label) onRelabel(label)
  }
  const leave = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') setLabel(picture.label)
  }
  return (
    <form onSubmit={submit}>
      <input
        className="relabel"
        aria-label={`Class of ${picture.fileName}`}
        list={classes}
        value={label}
        onFocus={(event) => event.target.select()}
        onChange={(event) => setLabel(event.target.value)}
        onKeyDown={leave}
        onBlur={() => setLabel(picture.label)}
      />
    </form>
  )
}

/** What `Relabel` offers: the classes that there are. */
export function ClassChoices({ id, dataset }: { id: string; dataset: FullDataset }) {
  return (
    <datalist id={id}>
      {dataset.classes.map(({ label }) => (
        <option key={label} value={label} />
      ))}
    </datalist>
  )
}
