import { Arg, Mutation, Resolver } from 'type-graphql'
import { isRefusal } from '../domain/refusals.js'
import { globalId } from '../graphql/ids.js'
import { CreateUploadInput } from './upload.input.js'
import type { UploadService } from './upload.service.js'
import { CreateUploadResult } from './upload.type.js'

@Resolver()
export class UploadResolver {
  constructor(private readonly service: UploadService) {}

  @Mutation(() => CreateUploadResult, {
    description:
      'A one-time address to send a picture or a .zip/.tar(.gz) archive to: PUT it whole, or in parts that resume.',
  })
  async createUpload(@Arg('input', () => CreateUploadInput, { description: 'The file.' }) input: CreateUploadInput) {
    const created = await this.service.create(input)
    if (isRefusal(created)) return created
    const { row, url } = created
    return { upload: { id: globalId('Upload', row.id), url, expiresAt: row.expiresAt } }
  }
}
