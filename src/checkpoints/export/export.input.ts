import { Field, ID, InputType } from 'type-graphql'
import { EXPORT_FORMATS, type ExportFormat as Format } from '../../domain/export-format.js'
import { enumOf } from '../../graphql/enums.js'

export const ExportFormat = enumOf(
  { name: 'ExportFormat', description: 'What a checkpoint is written as; either file is the whole network.' },
  EXPORT_FORMATS,
  {
    SAFETENSORS: "Tensors with torchvision's names, the head's as fc.N.*: for PyTorch's load_state_dict.",
    ONNX: 'One graph from a picture [N, 3, imageSize, imageSize] to probabilities, its labels in the metadata.',
  },
)

@InputType({ description: 'What to export.' })
export class ExportCheckpointInput {
  @Field(() => ID, { description: 'The checkpoint.' })
  checkpointId!: string

  @Field(() => ExportFormat, { description: 'What to write it as.' })
  format!: Format
}
