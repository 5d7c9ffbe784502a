import { Field, ID, InputType } from 'type-graphql'

/** Which members there are grows with what can be imported; schema.ts makes it @oneOf. */
@InputType({
  description:
    "Exactly one of these. Labels come from the layout: a folder per class; the same under train/, val|validation|valid/ and test/; or flat files named label.number.ext, as Kaggle's dogs-vs-cats has them.",
})
export class ImportSource {
  @Field(() => String, {
    nullable: true,
    description: 'A folder that the server can read, within the folders of GRAFT_IMPORT_ROOTS.',
  })
  directory?: string

  @Field(() => ID, {
    nullable: true,
    description: 'A .zip, .tar or .tar.gz archive that was sent to an address of createUpload.',
  })
  uploadId?: string
}

@InputType({ description: 'What to import, and where to.' })
export class ImportImagesInput {
  @Field(() => ID, { description: 'The dataset that gets the pictures.' })
  datasetId!: string

  @Field(() => ImportSource, { description: 'Where the pictures are.' })
  source!: ImportSource
}

@InputType({ description: 'The import to stop.' })
export class CancelImportInput {
  @Field(() => ID, { description: 'Its id.' })
  importId!: string
}
