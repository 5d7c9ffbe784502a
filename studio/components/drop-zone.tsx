/** A place to drop files on; it shows when something is held over it. */
import { type DragEvent, type ReactNode, useState } from 'react'

interface Props {
  readonly onDropped: (dropped: DataTransfer) => void
  readonly children: ReactNode
}

export function DropZone({ onDropped, children }: Props) {
  const [over, setOver] = useState(false)
  const hold = (event: DragEvent): void => {
    event.preventDefault()
    setOver(true)
  }
  const drop = (event: DragEvent): void => {
    event.preventDefault()
    setOver(false)
    onDropped(event.dataTransfer)
  }
  return (
    <div
      className={`drop ${over ? 'drop--over' : ''}`}
      onDragOver={hold}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      {children}
    </div>
  )
}
