/** A checkpoint with its trunk as one file, and the page that shows how to load it. */
import { useChange } from '../../../api/api.js'
import { Button } from '../../../components/controls.js'
import { bytes, moment } from '../../../components/format.js'
import { Refusals } from '../../../components/refusal.js'
import { ExportModelDocument, type ExportModelMutation } from '../queries/runs.documents.js'

const FORMATS = [
  ['SAFETENSORS', 'For PyTorch', "Tensors with torchvision's names, as safetensors."],
  ['ONNX', 'As ONNX', 'One graph from a picture to probabilities, for any ONNX runtime.'],
] as const

type ExportedFile = Extract<
  ExportModelMutation['exportCheckpoint'],
  { __typename: 'ExportCheckpointSuccess' }
>['export']

export function CheckpointExports({ checkpointId }: { checkpointId: string }) {
  return (
    <ul className="stack">
      {FORMATS.map((format) => (
        <li key={format[0]}>
          <Export checkpointId={checkpointId} format={format} />
        </li>
      ))}
    </ul>
  )
}

interface Props {
  readonly checkpointId: string
  readonly format: (typeof FORMATS)[number]
}

function Export({ checkpointId, format: [format, title, hint] }: Props) {
  const make = useChange(ExportModelDocument, [])
  const answer = make.data?.exportCheckpoint
  return (
    <div className="stack">
      <div className="row">
        <Button disabled={make.isPending} onClick={() => make.mutate({ checkpointId, format })}>
          {title}
        </Button>
        <span className="small soft" role="status">
          {make.isPending ? 'It is being written …' : hint}
        </span>
      </div>
      {answer?.__typename === 'ExportCheckpointSuccess' && <Links file={answer.export} />}
      <Refusals of={[make]} />
    </div>
  )
}

function Links({ file: { url, fileName, byteSize, pageUrl, expiresAt } }: { file: ExportedFile }) {
  return (
    <div className="notice">
      <a href={url} download={fileName}>
        {fileName} <span className="number">({bytes(byteSize)})</span>
      </a>
      <a href={pageUrl} target="_blank" rel="noopener">
        How to load it, in Python and in a browser
      </a>
      <span className="small soft">Both addresses are good until {moment(expiresAt)}, for whoever has them.</span>
    </div>
  )
}
