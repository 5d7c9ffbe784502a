/** Four ways for a picture to come: dropped, pasted, chosen from files, or taken by the camera. */
import { type ChangeEvent, useEffect, useRef, useState } from 'react'
import { Button, Notice } from '../../../components/controls.js'
import { DropZone } from '../../../components/drop-zone.js'

export function PictureInput({ onPicture }: { onPicture: (picture: Blob) => void }) {
  const files = useRef<HTMLInputElement>(null)
  const [camera, setCamera] = useState(false)
  useEffect(() => {
    const paste = (event: ClipboardEvent): void => {
      const file = event.clipboardData?.files[0]
      if (file !== undefined) onPicture(file)
    }
    document.addEventListener('paste', paste)
    return () => document.removeEventListener('paste', paste)
  }, [onPicture])
  const take = (files: FileList | null): void => {
    const file = files?.[0]
    if (file !== undefined) onPicture(file)
  }
  const choose = (event: ChangeEvent<HTMLInputElement>): void => {
    take(event.target.files)
    event.target.value = ''
  }
  return (
    <DropZone onDropped={(dropped) => take(dropped.files)}>
      <p>Drop a picture here, or paste one.</p>
      <input
        ref={files}
        type="file"
        accept="image/*"
        className="visually-hidden"
        tabIndex={-1}
        aria-label="A picture file"
        onChange={choose}
      />
      <div className="row">
        <Button onClick={() => files.current?.click()}>Choose a file</Button>
        {'mediaDevices' in navigator && (
          <Button onClick={() => setCamera(!camera)}>{camera ? 'Close the camera' : 'Use the camera'}</Button>
        )}
      </div>
      {camera && <Camera onPicture={onPicture} />}
    </DropZone>
  )
}

function Camera({ onPicture }: { onPicture: (picture: Blob) => void }) {
  const video = useRef<HTMLVideoElement>(null)
  const [problem, setProblem] = useState<string | null>(null)
  useEffect(() => {
    let stream: MediaStream | undefined
    let gone = false
    const open = async (): Promise<void> => {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } })
      if (gone || video.current === null) stop(stream)
      else video.current.srcObject = stream
    }
    open().catch((error: unknown) => setProblem(error instanceof Error ? error.message : String(error)))
    return () => {
      gone = true
      stop(stream)
    }
  }, [])
  const shoot = (): void => {
    const source = video.current
    if (source === null) return
    const canvas = new OffscreenCanvas(source.videoWidth, source.videoHeight)
    canvas.getContext('2d')?.drawImage(source, 0, 0)
    void canvas.convertToBlob({ type: 'image/jpeg', quality: 0.92 }).then(onPicture)
  }
  if (problem !== null) return <Notice tone="warn">The camera cannot be used: {problem}</Notice>
  return (
    <>
      <video ref={video} className="classify__picture" autoPlay playsInline muted aria-label="What the camera sees" />
      <Button kind="main" onClick={shoot}>
        Take the picture
      </Button>
    </>
  )
}

function stop(stream: MediaStream | undefined): void {
  for (const track of stream?.getTracks() ?? []) track.stop()
}
