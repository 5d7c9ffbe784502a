import { Field, ID, ObjectType } from 'type-graphql'
import { resultUnion } from '../graphql/refusals.type.js'
import { DateTime } from '../graphql/scalars.js'

@ObjectType({
  description: 'Where to send a file. The address is a secret: whoever has it may send.',
  simpleResolvers: true,
})
export class UploadAddress {
  @Field(() => ID, { description: 'Names the file from then on, as `uploadId`.' })
  readonly id!: string

  @Field(() => String, { description: 'PUT the whole file here, or send it in parts by the tus protocol.' })
  readonly url!: string

  @Field(() => DateTime, { description: 'When address and file are gone.' })
  readonly expiresAt!: Date
}

@ObjectType({ description: 'The address waits for the file.', simpleResolvers: true })
export class CreateUploadSuccess {
  @Field(() => UploadAddress, { description: 'Where to send it.' })
  readonly upload!: UploadAddress
}

export const CreateUploadResult = resultUnion('CreateUploadResult', CreateUploadSuccess, ['InvalidInput'])
