import { Field, Float, ID, InputType } from 'type-graphql'
import type { AliasRequirement } from './alias.requirement.js'

@InputType({ description: 'What is required before a name may point to a checkpoint; all that is given must hold.' })
export class AliasRequirementInput implements AliasRequirement {
  @Field(() => Float, { nullable: true, description: 'Least accuracy of its newest evaluation on TEST.' })
  minTestAccuracy?: number | null

  @Field(() => Float, { nullable: true, description: 'Least macro F1 of its newest evaluation on TEST.' })
  minMacroF1?: number | null

  @Field(() => Float, {
    nullable: true,
    description:
      'Least gain of accuracy over what the name points to, on the TEST of one version; below 0 it allows a loss. ' +
      'Requires nothing of a new name, or of one that points to it already.',
  })
  minTestAccuracyGain?: number | null

  @Field(() => Float, {
    nullable: true,
    description:
      'Least gain of macro F1 over what the name points to, on the TEST of one version; below 0 it allows a loss. ' +
      'Requires nothing of a new name, or of one that points to it already.',
  })
  minMacroF1Gain?: number | null
}

@InputType({ description: 'Where a name is to point.' })
export class AssignAliasInput {
  @Field(() => String, { description: 'a-z 0-9 - / up to 64; new, or moved from the checkpoint that it points to.' })
  name!: string

  @Field(() => ID, { description: 'The checkpoint that it is to point to.' })
  checkpointId!: string

  @Field(() => AliasRequirementInput, { nullable: true, description: 'Refuses a checkpoint that is not as good.' })
  require?: AliasRequirementInput | null
}

@InputType({ description: 'The alias to point back.' })
export class RevertAliasInput {
  @Field(() => String, { description: 'Its name.' })
  name!: string
}

@InputType({ description: 'The alias to delete.' })
export class DeleteAliasInput {
  @Field(() => String, { description: 'Its name.' })
  name!: string
}
