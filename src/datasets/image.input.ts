import type { FileUpload } from 'graphql-upload/processRequest.mjs'
import { Field, ID, InputType } from 'type-graphql'
import { UploadScalar } from '../graphql/multipart.js'

/** Which members there are grows with what the server can fetch; schema.ts makes it @oneOf. */
@InputType({ description: 'Exactly one of these.' })
export class ImageSource {
  @Field(() => String, {
    nullable: true,
    description:
      "The file's bytes (JPEG, PNG, WebP, GIF's first frame, AVIF, TIFF) in base64, with or without a data: prefix.",
  })
  base64?: string

  @Field(() => UploadScalar, { nullable: true, description: 'A file of a GraphQL multipart request.' })
  file?: Promise<FileUpload>

  @Field(() => ID, { nullable: true, description: 'A picture that was sent to an address of createUpload.' })
  uploadId?: string

  @Field(() => ID, { nullable: true, description: 'A picture of a dataset.' })
  imageId?: string

  @Field(() => String, {
    nullable: true,
    description: 'Fetched by the server: http and https, from public addresses only, up to 5 redirects.',
  })
  url?: string
}

@InputType({ description: 'One picture for a dataset.' })
export class AddImageInput {
  @Field(() => ID, { description: 'The dataset that gets it.' })
  datasetId!: string

  @Field(() => String, { description: 'The class that it shows; 1-200 characters.' })
  label!: string

  @Field(() => ImageSource, { description: 'The picture.' })
  image!: ImageSource

  @Field(() => String, { nullable: true, description: 'What to call it; by default its label and sha256.' })
  fileName?: string | null
}
