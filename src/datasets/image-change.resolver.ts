import { Arg, Mutation, Resolver } from 'type-graphql'
import { isRefusal } from '../domain/refusals.js'
import { DatasetType } from './dataset.type.js'
import { RelabelImagesInput, RemoveImagesInput, RenameClassInput } from './image-change.input.js'
import type { ImageChangeService } from './image-change.service.js'
import { RelabelImagesResult, RemoveImagesResult, RenameClassResult } from './image-change.type.js'
import { ImageType } from './image.type.js'

@Resolver()
export class ImageChangeResolver {
  constructor(private readonly service: ImageChangeService) {}

  @Mutation(() => RelabelImagesResult, {
    description: 'Gives pictures another label, all of them or none. Versions keep the labels that they froze.',
  })
  async relabelImages(
    @Arg('input', () => RelabelImagesInput, { description: 'The pictures, and their new label.' })
    input: RelabelImagesInput,
  ) {
    const images = await this.service.relabel(input)
    return isRefusal(images) ? images : { images: images.map((row) => new ImageType(row)) }
  }

  @Mutation(() => RemoveImagesResult, {
    description:
      'Takes pictures out of their dataset, all of them or none. Versions, outcomes and predictions that name one keep it; adding the same bytes brings it back.',
  })
  async removeImages(
    @Arg('input', () => RemoveImagesInput, { description: 'The pictures.' }) input: RemoveImagesInput,
  ) {
    const removedIds = await this.service.remove(input)
    return isRefusal(removedIds) ? removedIds : { removedIds }
  }

  @Mutation(() => RenameClassResult, {
    description: 'Gives all pictures of a class another label. Versions keep the labels that they froze.',
  })
  async renameClass(
    @Arg('input', () => RenameClassInput, { description: 'The class, and its new name.' }) input: RenameClassInput,
  ) {
    const renamed = await this.service.rename(input)
    if (isRefusal(renamed)) return renamed
    return { dataset: new DatasetType(renamed.dataset), imageCount: renamed.imageCount }
  }
}
