import { Field, ID, InputType } from 'type-graphql'

@InputType({ description: 'Pictures that show something else than their label says.' })
export class RelabelImagesInput {
  @Field(() => [ID], { description: 'Their ids, 1-1,000.' })
  imageIds!: string[]

  @Field(() => String, { description: 'The class that all of them get, new or there already; 1-200 characters.' })
  label!: string
}

@InputType({ description: 'Pictures that a dataset should show no longer.' })
export class RemoveImagesInput {
  @Field(() => [ID], { description: 'Their ids, 1-1,000.' })
  imageIds!: string[]
}

@InputType({ description: 'A class and its new name.' })
export class RenameClassInput {
  @Field(() => ID, { description: 'The dataset.' })
  datasetId!: string

  @Field(() => String, { description: 'The class as it is called now.' })
  label!: string

  @Field(() => String, { description: 'Its new name; 1-200 characters.' })
  newLabel!: string

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description: 'Whether the two become one where there is a class of that name already: nothing can part them again.',
  })
  merge?: boolean | null
}
