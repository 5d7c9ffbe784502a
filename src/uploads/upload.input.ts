import { Field, InputType } from 'type-graphql'
import { BigIntScalar } from '../graphql/scalars.js'

@InputType({ description: 'A file that is to be sent.' })
export class CreateUploadInput {
  @Field(() => String, { description: 'What it is called; 1-200 characters. What it is, its bytes tell.' })
  fileName!: string

  @Field(() => BigIntScalar, { description: 'Its size in bytes: exactly as many are taken.' })
  byteSize!: number
}
