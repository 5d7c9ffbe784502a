import { Field, ID, InputType } from 'type-graphql'

@InputType({ description: 'A new dataset.' })
export class CreateDatasetInput {
  @Field(() => String, { description: 'Unique; 1-200 characters.' })
  name!: string

  @Field(() => String, { nullable: true, description: 'What it is about.' })
  description?: string | null
}

@InputType({ description: 'The dataset to delete, with everything below it.' })
export class DeleteDatasetInput {
  @Field(() => ID, { description: 'Its id.' })
  datasetId!: string
}

@InputType({ description: 'What to change of a dataset; what is left out stays.' })
export class UpdateDatasetInput {
  @Field(() => ID, { description: 'Its id.' })
  datasetId!: string

  @Field(() => String, { nullable: true, description: 'Unique; 1-200 characters.' })
  name?: string | null

  @Field(() => String, { nullable: true, description: 'What it is about; an empty text takes the description away.' })
  description?: string | null
}
