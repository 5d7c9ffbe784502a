import { Field, Int, ObjectType } from 'type-graphql'
import type { Image as ImageRow } from '../database/generated/client.js'
import { connectionOf } from '../graphql/connections.js'
import { globalId } from '../graphql/ids.js'
import { Node } from '../graphql/node.type.js'
import { resultUnion } from '../graphql/refusals.type.js'
import { DateTime } from '../graphql/scalars.js'

@ObjectType('Image', {
  implements: Node,
  description: 'A picture as the dataset has it today. Its bytes never change; its label may.',
})
export class ImageType implements Node {
  constructor(readonly row: ImageRow) {}

  get id(): string {
    return globalId('Image', this.row.id)
  }

  @Field(() => String, { description: 'The class that it shows.' })
  get label(): string {
    return this.row.label
  }

  @Field(() => String, { description: 'Relative to what was imported, e.g. "cat/cat.17.jpg".' })
  get fileName(): string {
    return this.row.fileName
  }

  @Field(() => String, { description: 'Of the stored bytes, in hexadecimal.' })
  get sha256(): string {
    return this.row.sha256
  }

  @Field(() => Int, { description: 'Pixels across, after the EXIF orientation is applied.' })
  get width(): number {
    return this.row.width
  }

  @Field(() => Int, { description: 'Pixels down, after the EXIF orientation is applied.' })
  get height(): number {
    return this.row.height
  }

  @Field(() => Int, { description: 'Size of the stored file in bytes.' })
  get byteSize(): number {
    return this.row.byteSize
  }

  @Field(() => DateTime, {
    nullable: true,
    description: 'When it was removed from the dataset; since then only what named it before shows it.',
  })
  get removedAt(): Date | null {
    return this.row.removedAt
  }
}

export const ImageConnection = connectionOf('Image', () => ImageType)

@ObjectType({ description: 'The dataset has the picture.', simpleResolvers: true })
export class AddImageSuccess {
  @Field(() => ImageType, { description: 'The picture; the one that was there if its bytes were, with this label.' })
  readonly image!: ImageType
}

export const AddImageResult = resultUnion('AddImageResult', AddImageSuccess, [
  'InvalidInput',
  'NotFound',
  'UnreadableImage',
  'ImageTooLarge',
])
