import { bytes } from '../../../components/format.js'
import type { PictureFactsFragment } from '../queries/datasets.documents.js'

export function PictureFacts({ picture }: { picture: PictureFactsFragment }) {
  const { fileName, width, height, byteSize } = picture
  return (
    <>
      <span className="soft" title={fileName}>
        {fileName}
      </span>
      <span className="soft number">
        {width} × {height}, {bytes(byteSize)}
      </span>
    </>
  )
}
