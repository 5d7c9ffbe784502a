import { Arg, Mutation, Resolver } from 'type-graphql'
import { isRefusal } from '../../domain/refusals.js'
import { ExportCheckpointInput } from './export.input.js'
import type { ExportService } from './export.service.js'
import { ExportCheckpointResult, ExportedFileType } from './export.type.js'

@Resolver()
export class ExportResolver {
  constructor(
    private readonly service: ExportService,
    private readonly baseUrl: () => string,
  ) {}

  @Mutation(() => ExportCheckpointResult, {
    description: 'Writes a checkpoint with its trunk as one file for use elsewhere, to be fetched within an hour.',
  })
  async exportCheckpoint(
    @Arg('input', () => ExportCheckpointInput, { description: 'Checkpoint and format.' }) input: ExportCheckpointInput,
  ) {
    const exported = await this.service.export(input)
    return isRefusal(exported) ? exported : { export: new ExportedFileType(exported, this.baseUrl()) }
  }
}
