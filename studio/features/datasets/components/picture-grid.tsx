/** Pictures in rows without end. */
import type { ReactNode } from 'react'
import { Picture } from '../../../components/controls.js'
import { type More, useEndlessRows } from '../../../components/endless.js'
import type { PictureFactsFragment } from '../queries/datasets.documents.js'

const LEAST_WIDTH = 150
const GAP = 12
const CAPTION = 54

interface Props {
  readonly pictures: readonly PictureFactsFragment[]
  readonly more: More
  /** What stands for the label, such as a field to change it. */
  readonly label?: (picture: PictureFactsFragment) => ReactNode
}

function columnsIn(width: number): number {
  return Math.max(2, Math.floor((width + GAP) / (LEAST_WIDTH + GAP)))
}

export function PictureGrid({ pictures, more, label }: Props) {
  const layout = (width: number) => {
    const columns = columnsIn(width)
    const side = (width - GAP * (columns - 1)) / columns
    return { count: Math.ceil(pictures.length / columns), rowHeight: side + CAPTION + GAP }
  }
  const { list, width, height, items, topOf } = useEndlessRows({ layout, more, fetchBeforeRows: 10 })
  const columns = columnsIn(width)
  return (
    <ul ref={list} className="pictures" aria-label="Pictures" style={{ height: `${String(height)}px` }}>
      {items.flatMap((item) =>
        pictures.slice(item.index * columns, (item.index + 1) * columns).map((picture, column) => (
          <li
            key={picture.id}
            className="pictures__cell"
            style={{
              top: `${String(topOf(item))}px`,
              left: `calc(${String((column / columns) * 100)}% + ${String((column / columns) * GAP)}px)`,
              width: `calc(${String(100 / columns)}% - ${String(GAP - GAP / columns)}px)`,
            }}
          >
            <Picture src={picture.url} alt={`${picture.label}, ${picture.fileName}`}>
              {label?.(picture) ?? <span>{picture.label}</span>}
              <span
                className="soft"
                title={`${picture.fileName}, ${String(picture.width)} × ${String(picture.height)}`}
              >
                {picture.fileName}
              </span>
            </Picture>
          </li>
        )),
      )}
    </ul>
  )
}
