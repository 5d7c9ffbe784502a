import { Field, Float, ID, InputType, Int } from 'type-graphql'
import { enumOf } from '../graphql/enums.js'
import { DUPLICATE_EVIDENCE, type DuplicateEvidence } from './duplicate-evidence.js'

const DuplicateEvidenceEnum = enumOf(
  { name: 'DuplicateEvidence', description: 'By what it is told that pictures show the same.' },
  DUPLICATE_EVIDENCE,
  {
    HASH: 'By their perceptual hashes alone, which are there as soon as the pictures are: scaled, compressed or lit otherwise, or mirrored. A function of the pictures.',
    HEALTH: "As the dataset's health found: by features too, so cropped ones as well. Refused where it is not current.",
  },
)

@InputType({ description: 'Parts of the pictures of each class; they sum to 1.' })
export class SplitFractions {
  @Field(() => Float, { description: 'To learn from; above 0.' })
  train!: number

  @Field(() => Float, { description: 'To choose the best epoch by; above 0.' })
  validation!: number

  @Field(() => Float, { description: 'To measure the best checkpoint on; may be 0.' })
  test!: number
}

@InputType({ description: 'Pictures of each class; those beyond are left out.' })
export class SplitCounts {
  @Field(() => Int, { description: 'To learn from; above 0.' })
  train!: number

  @Field(() => Int, { description: 'To choose the best epoch by; above 0.' })
  validation!: number

  @Field(() => Int, { description: 'To measure the best checkpoint on; may be 0.' })
  test!: number
}

@InputType({
  description:
    'Exactly one of these; left out, fractions 0.8, 0.1, 0.1. Stratified by class; depends on nothing but the pictures, the labels and the seed.',
})
export class SplitInput {
  @Field(() => SplitFractions, { nullable: true, description: 'By parts of each class.' })
  fractions?: SplitFractions

  @Field(() => SplitCounts, { nullable: true, description: 'By pictures of each class.' })
  perClass?: SplitCounts

  @Field(() => Boolean, {
    nullable: true,
    description:
      'By the folders train/, val|validation|valid/ and test/ that the pictures lay in; only true makes sense.',
  })
  fromFolders?: boolean
}

@InputType({ description: 'What to freeze.' })
export class CreateDatasetVersionInput {
  @Field(() => ID, { description: 'The dataset to freeze.' })
  datasetId!: string

  @Field(() => SplitInput, { nullable: true, description: 'How to split; fractions 0.8, 0.1, 0.1 if left out.' })
  split?: SplitInput | null

  @Field(() => [String], {
    nullable: true,
    description: 'Which classes, in which order; by default all, by label.',
  })
  classNames?: string[] | null

  @Field(() => Int, { nullable: true, defaultValue: 0, description: 'Of the draw, 0 to 2^31 - 1.' })
  seed?: number | null

  @Field(() => DuplicateEvidenceEnum, {
    nullable: true,
    description:
      'Whether pictures that show the same play the same part, and by what that is told. Left out, each picture is drawn for itself.',
  })
  keepDuplicatesTogether?: DuplicateEvidence | null

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description:
      'Answers with the newest version where another would have its digest: the same pictures, labels, splits and class order.',
  })
  reuseSame?: boolean | null
}
