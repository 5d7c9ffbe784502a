import { Field, ObjectType } from 'type-graphql'
import type { Export as ExportRow } from '../../database/generated/client.js'
import { resultUnion } from '../../graphql/refusals.type.js'
import { BigIntScalar, DateTime } from '../../graphql/scalars.js'

@ObjectType('ExportedFile', { description: 'A file to fetch.' })
export class ExportedFileType {
  constructor(
    readonly row: ExportRow,
    private readonly baseUrl: string,
  ) {}

  @Field(() => String, {
    description: 'Where to fetch it, whole or in ranges. Whoever has the address needs no token.',
  })
  get url(): string {
    return `${this.baseUrl}/exports/${this.row.token}`
  }

  @Field(() => String, {
    description: 'A page that shows how to load it in Python and in a browser; as good, and as long, as `url`.',
  })
  get pageUrl(): string {
    return `${this.url}/page`
  }

  @Field(() => String, { description: 'What it is saved as.' })
  get fileName(): string {
    return this.row.fileName
  }

  @Field(() => BigIntScalar, { description: 'Its size in bytes.' })
  get byteSize(): bigint {
    return this.row.byteSize
  }

  @Field(() => String, { description: 'Of its bytes, in hexadecimal. The same checkpoint gives the same bytes.' })
  get sha256(): string {
    return this.row.sha256
  }

  @Field(() => DateTime, { description: 'Until when the address is good: an hour.' })
  get expiresAt(): Date {
    return this.row.expiresAt
  }
}

@ObjectType({ description: 'The file is ready.', simpleResolvers: true })
export class ExportCheckpointSuccess {
  @Field(() => ExportedFileType, { description: 'Where it is.' })
  readonly export!: ExportedFileType
}

export const ExportCheckpointResult = resultUnion('ExportCheckpointResult', ExportCheckpointSuccess, [
  'NotFound',
  'TrunkUnavailable',
])
