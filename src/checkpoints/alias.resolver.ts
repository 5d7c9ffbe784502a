import { Arg, Ctx, FieldResolver, Int, Mutation, Query, Resolver, Root } from 'type-graphql'
import { isRefusal } from '../domain/refusals.js'
import type { GraphContext } from '../graphql/context.js'
import { firstOf } from '../graphql/paginate.js'
import { historyPlace } from './alias.history.js'
import { AssignAliasInput, DeleteAliasInput, RevertAliasInput } from './alias.input.js'
import type { AliasRepository } from './alias.repository.js'
import { isAliasName } from './alias.name.js'
import type { AliasService } from './alias.service.js'
import {
  AliasAssignmentType,
  AliasFeedbackType,
  AliasType,
  AssignAliasResult,
  DeleteAliasResult,
  RevertAliasResult,
} from './alias.type.js'
import type { CheckpointRepository } from './checkpoint.repository.js'
import { CheckpointType } from './checkpoint.type.js'

@Resolver(() => AliasType)
export class AliasResolver {
  constructor(
    private readonly service: AliasService,
    private readonly repositories: { aliases: AliasRepository; checkpoints: CheckpointRepository },
  ) {}

  @Query(() => AliasType, { nullable: true, description: 'The alias with that name; null where there is none.' })
  async alias(@Arg('name', () => String, { description: 'Its whole name.' }) name: string): Promise<AliasType | null> {
    const row = isAliasName(name) ? await this.repositories.aliases.findByName(name) : null
    return row && new AliasType(row)
  }

  @Query(() => [AliasType], { description: 'All aliases, by name.' })
  async aliases(): Promise<AliasType[]> {
    return (await this.repositories.aliases.list()).map((row) => new AliasType(row))
  }

  @FieldResolver(() => CheckpointType, { description: 'What it points to.' })
  async checkpoint(@Root() { row }: AliasType, @Ctx() context: GraphContext): Promise<CheckpointType | null> {
    const checkpoint = await context.loaders.of(this.repositories.checkpoints.byIds).load(row.checkpointId)
    return checkpoint && new CheckpointType(checkpoint)
  }

  @FieldResolver(() => [AliasAssignmentType], { description: 'What it pointed to and when, newest first.' })
  async history(
    @Root() { row }: AliasType,
    @Arg('first', () => Int, { nullable: true, defaultValue: 20, description: 'How many, 1-100.' })
    first: number | null,
    @Ctx() context: GraphContext,
  ): Promise<AliasAssignmentType[]> {
    const place = historyPlace(row.id, firstOf(first))
    const assignments = await context.loaders.of(this.repositories.aliases.histories).load(place)
    return assignments.map((assignment) => new AliasAssignmentType(assignment))
  }

  @FieldResolver(() => AliasFeedbackType, {
    description: 'What feedback says of its predictions since it points to its checkpoint.',
  })
  async feedback(@Root() { row }: AliasType, @Ctx() context: GraphContext): Promise<AliasFeedbackType> {
    return new AliasFeedbackType(await context.loaders.of(this.repositories.aliases.feedback).load(row.id))
  }

  @Mutation(() => AssignAliasResult, {
    description:
      'Points a name, new or known, to a checkpoint: for callers at once, and for what is under way not at all.',
  })
  async assignAlias(
    @Arg('input', () => AssignAliasInput, { description: 'Name and checkpoint.' }) input: AssignAliasInput,
  ) {
    const assigned = await this.service.assign(input)
    return isRefusal(assigned) ? assigned : { alias: new AliasType(assigned) }
  }

  @Mutation(() => RevertAliasResult, {
    description: 'Points a name back to what it pointed to before; done twice it is where it was.',
  })
  async revertAlias(@Arg('input', () => RevertAliasInput, { description: 'The alias.' }) input: RevertAliasInput) {
    const reverted = await this.service.revert(input.name)
    return isRefusal(reverted) ? reverted : { alias: new AliasType(reverted) }
  }

  @Mutation(() => DeleteAliasResult, { description: 'Deletes a name with its history; the checkpoint stays.' })
  deleteAlias(@Arg('input', () => DeleteAliasInput, { description: 'The alias.' }) input: DeleteAliasInput) {
    return this.service.delete(input.name)
  }
}

@Resolver(() => AliasAssignmentType)
export class AliasAssignmentResolver {
  constructor(private readonly checkpoints: CheckpointRepository) {}

  @FieldResolver(() => CheckpointType, {
    nullable: true,
    description: 'What it pointed to; null once that was deleted.',
  })
  async checkpoint(@Root() { row }: AliasAssignmentType, @Ctx() context: GraphContext): Promise<CheckpointType | null> {
    const found =
      row.checkpointId === null ? null : await context.loaders.of(this.checkpoints.byIds).load(row.checkpointId)
    return found && new CheckpointType(found)
  }
}
