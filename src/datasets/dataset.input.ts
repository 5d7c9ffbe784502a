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
