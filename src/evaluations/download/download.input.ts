import { ArgsType, Field } from 'type-graphql'
import { enumOf } from '../../graphql/enums.js'
import {
  DOWNLOAD_CONTENTS,
  DOWNLOAD_FORMATS,
  type DownloadContent as Content,
  type DownloadFormat as Format,
} from './download.links.js'

const DownloadContent = enumOf(
  { name: 'DownloadContent', description: 'What to download of an evaluation.' },
  DOWNLOAD_CONTENTS,
  {
    REPORT: 'Its figures: as CSV a row for each class and average, as JSON all of them with their curves.',
    OUTCOMES: 'What it said of each picture, in the order of the version.',
  },
)

const DownloadFormat = enumOf(
  { name: 'DownloadFormat', description: 'What a download is written as.' },
  DOWNLOAD_FORMATS,
  {
    CSV: "A table with a heading. A text that a spreadsheet would take for a formula begins with '.",
    JSON: 'One JSON document.',
  },
)

@ArgsType()
export class DownloadArgs {
  @Field(() => DownloadContent, { nullable: true, defaultValue: 'REPORT', description: 'What to download.' })
  content?: Content | null

  @Field(() => DownloadFormat, { nullable: true, defaultValue: 'CSV', description: 'What it is written as.' })
  format?: Format | null
}
