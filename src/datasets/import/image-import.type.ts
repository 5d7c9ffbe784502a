import { Field, Int, ObjectType } from 'type-graphql'
import type { ImageImport as ImageImportRow } from '../../database/generated/client.js'
import type { JobState as JobStateWord } from '../../domain/status.js'
import { connectionOf } from '../../graphql/connections.js'
import { JobState } from '../../graphql/enums.js'
import { globalId } from '../../graphql/ids.js'
import { Node } from '../../graphql/node.type.js'
import { resultUnion } from '../../graphql/refusals.type.js'

@ObjectType({ description: 'A file that an import could not take.', simpleResolvers: true })
export class RejectedFile {
  @Field(() => String, { description: 'Relative to what was imported.' })
  readonly fileName!: string

  @Field(() => String, { description: 'Why; for bytes that are there under another label, both files.' })
  readonly reason!: string
}

@ObjectType('ImageImport', { implements: Node, description: 'Pictures on their way into a dataset.' })
export class ImageImportType implements Node {
  constructor(readonly row: ImageImportRow) {}

  get id(): string {
    return globalId('ImageImport', this.row.id)
  }

  @Field(() => JobState, { description: 'Where it stands.' })
  get state(): JobStateWord {
    return this.row.state
  }

  @Field(() => Int, { description: 'Files looked at so far, rejected ones included.' })
  get processed(): number {
    return this.row.processed
  }

  @Field(() => Int, { nullable: true, description: 'Files that there are, once counted.' })
  get total(): number | null {
    return this.row.total
  }

  @Field(() => Int, { description: 'Pictures that the dataset got.' })
  get added(): number {
    return this.row.added
  }

  @Field(() => Int, { description: 'Same bytes and same label already there: kept once.' })
  get duplicates(): number {
    return this.row.duplicates
  }

  @Field(() => Int, { description: 'Files that could not be taken.' })
  get rejectedCount(): number {
    return this.row.rejectedCount
  }

  @Field(() => String, { nullable: true, description: 'Why it failed, and what to do about it.' })
  get error(): string | null {
    return this.row.error
  }
}

export const ImageImportConnection = connectionOf('ImageImport', () => ImageImportType)

@ObjectType({ description: 'The import is on its way; follow it with importProgress.', simpleResolvers: true })
export class ImportImagesSuccess {
  @Field(() => ImageImportType, { description: 'The import.' })
  readonly import!: ImageImportType
}

@ObjectType({ description: 'The import has ended; what it had added stays.', simpleResolvers: true })
export class CancelImportSuccess {
  @Field(() => ImageImportType, { description: 'The import.' })
  readonly import!: ImageImportType
}

export const ImportImagesResult = resultUnion('ImportImagesResult', ImportImagesSuccess, [
  'InvalidInput',
  'NotFound',
  'DirectoryNotAllowed',
])
export const CancelImportResult = resultUnion('CancelImportResult', CancelImportSuccess, ['NotFound'])
