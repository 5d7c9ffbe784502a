import { Field, ID, InputType } from 'type-graphql'

@InputType({ description: 'Where a name is to point.' })
export class AssignAliasInput {
  @Field(() => String, { description: 'a-z 0-9 - / up to 64; new, or moved from the checkpoint that it points to.' })
  name!: string

  @Field(() => ID, { description: 'The checkpoint that it is to point to.' })
  checkpointId!: string
}

@InputType({ description: 'The alias to delete.' })
export class DeleteAliasInput {
  @Field(() => String, { description: 'Its name.' })
  name!: string
}
