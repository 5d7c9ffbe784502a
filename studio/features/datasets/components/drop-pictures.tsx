import { useMutation } from '@tanstack/react-query'
import { type ChangeEvent, useRef, useState } from 'react'
import { accepted } from '../../../../client/errors.js'
import { useApi, useRefresh } from '../../../api/api.js'
import { Button, Notice, Progress } from '../../../components/controls.js'
import { DropZone } from '../../../components/drop-zone.js'
import { bytes } from '../../../components/format.js'
import { type Parcel, parcelOf, parcelOfFiles } from '../dropped-files.js'
import { ImportUploadDocument } from '../queries/datasets.documents.js'

/** A folder or an archive of this computer: sent in parts, then imported. */
export function DropPictures({ datasetId }: { datasetId: string }) {
  const { client } = useApi()
  const refresh = useRefresh()
  const [sent, setSent] = useState({ done: 0, total: 0 })
  const send = useMutation({
    mutationFn: async (parcel: Parcel) => {
      setSent({ done: 0, total: parcel.bytes.size })
      const onProgress = (done: number, total: number): void => setSent({ done, total })
      const uploadId = await client.upload(parcel.bytes, parcel.fileName, { onProgress })
      return accepted((await client.request(ImportUploadDocument, { datasetId, uploadId })).importImages)
    },
    onSuccess: () => refresh('datasets'),
  })
  const take = (parcel: Parcel | null): void => {
    if (parcel !== null && !send.isPending) send.mutate(parcel)
  }
  return (
    <DropZone onDropped={(dropped) => void parcelOf(dropped).then(take)}>
      <p>Drop a folder with one folder per class here, or a .zip, .tar or .tar.gz of one.</p>
      <div className="row">
        <Chooser label="Choose a folder" folder onFiles={(files) => take(parcelOfFiles(files))} />
        <Chooser label="Choose an archive" folder={false} onFiles={(files) => take(parcelOfFiles(files))} />
      </div>
      {send.isPending && (
        <Progress label={`Sent ${bytes(sent.done)} of ${bytes(sent.total)}`} done={sent.done} total={sent.total} />
      )}
      {send.error !== null && <Notice tone="bad">{send.error.message}</Notice>}
    </DropZone>
  )
}

interface ChooserProps {
  readonly label: string
  readonly folder: boolean
  readonly onFiles: (files: readonly File[]) => void
}

function Chooser({ label, folder, onFiles }: ChooserProps) {
  const input = useRef<HTMLInputElement>(null)
  const choose = (event: ChangeEvent<HTMLInputElement>): void => {
    onFiles([...(event.target.files ?? [])])
    event.target.value = ''
  }
  return (
    <>
      <input
        ref={input}
        type="file"
        className="visually-hidden"
        tabIndex={-1}
        aria-label={label}
        {...(folder ? { webkitdirectory: '' } : { accept: '.zip,.tar,.gz,.tgz' })}
        onChange={choose}
      />
      <Button onClick={() => input.current?.click()}>{label}</Button>
    </>
  )
}
