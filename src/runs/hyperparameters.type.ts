import { Field, Float, Int, ObjectType } from 'type-graphql'
import {
  AUGMENTATIONS,
  OPTIMIZERS,
  SCHEDULES,
  TRAINABLE_LAYERS,
  type Hyperparameters,
} from '../domain/hyperparameters.js'
import { enumOf } from '../graphql/enums.js'

export const Optimizer = enumOf({ name: 'Optimizer', description: 'How a gradient becomes a step.' }, OPTIMIZERS, {
  ADAM: "Adam; weightDecay is L2 in the gradient, as in PyTorch's Adam.",
  ADAMW: 'Adam with decoupled weight decay.',
  SGD: 'Stochastic gradient descent with momentum.',
})

export const LearningRateSchedule = enumOf(
  { name: 'LearningRateSchedule', description: 'How the learning rate moves.' },
  SCHEDULES,
  {
    CONSTANT: 'It stays.',
    COSINE: 'Half a cosine from learningRate to 0 over the steps after warm-up.',
    STEP: 'A tenth after a third of the epochs, a hundredth after two thirds.',
    ONE_CYCLE: "PyTorch's one cycle: up to learningRate, then down to almost 0. It warms up by itself.",
  },
)

export const TrainableLayers = enumOf(
  {
    name: 'TrainableLayers',
    description:
      'Which part of ResNet-50 learns; the rest stays as pretrained, its batch norms in inference mode. LAYER3 means layer3, layer4 and the head.',
  },
  TRAINABLE_LAYERS,
  {
    HEAD: 'The grafted head alone.',
    LAYER4: 'layer4 and the head.',
    LAYER3: 'layer3, layer4 and the head.',
    LAYER2: 'layer2 to layer4 and the head.',
    LAYER1: 'layer1 to layer4 and the head.',
    ALL: 'Everything.',
  },
)

export const Augmentation = enumOf(
  { name: 'Augmentation', description: 'How pictures are varied while training.' },
  AUGMENTATIONS,
  {
    NONE: 'Not at all. This version has no other.',
    FLIP: 'Mirrored at random.',
    STANDARD: 'Cropped and mirrored at random.',
    STRONG: 'Cropped, mirrored and recoloured at random.',
  },
)

@ObjectType({ description: 'When a run ends before its last epoch.', simpleResolvers: true })
export class EarlyStopping {
  @Field(() => Int, { description: 'Epochs without improvement after which it ends.' })
  readonly patience!: number

  @Field(() => Float, { description: 'By how much the validation loss must fall to count as improvement.' })
  readonly minDelta!: number
}

@ObjectType('Hyperparameters', {
  description: 'What a run trains with, every default filled in.',
  simpleResolvers: true,
})
export class HyperparametersType implements Hyperparameters {
  @Field(() => Int, { description: 'Passes over TRAIN, at most.' })
  readonly epochs!: number

  @Field(() => Int, { description: "Pictures a step; an epoch's last step may have fewer." })
  readonly batchSize!: number

  @Field(() => Float, { description: 'The highest learning rate of the schedule.' })
  readonly learningRate!: number

  @Field(() => Optimizer, { description: 'How a gradient becomes a step.' })
  readonly optimizer!: Hyperparameters['optimizer']

  @Field(() => Float, { description: "SGD's momentum; the others leave it alone." })
  readonly momentum!: number

  @Field(() => Boolean, { description: "Whether SGD's momentum is Nesterov's." })
  readonly nesterov!: boolean

  @Field(() => Float, { description: 'How strongly weights are pulled to 0.' })
  readonly weightDecay!: number

  @Field(() => LearningRateSchedule, { description: 'How the learning rate moves.' })
  readonly schedule!: Hyperparameters['schedule']

  @Field(() => Int, { description: 'Epochs over which the learning rate rises from 0.' })
  readonly warmupEpochs!: number

  @Field(() => Float, { description: 'The share of each label that is spread over all classes in the training loss.' })
  readonly labelSmoothing!: number

  @Field(() => Boolean, { description: 'Whether rare classes weigh more in the training loss.' })
  readonly balanceClasses!: boolean

  @Field(() => TrainableLayers, { description: 'Which part of the network learns.' })
  readonly trainableLayers!: Hyperparameters['trainableLayers']

  @Field(() => Float, { description: "The trunk's learning rate as a share of the head's." })
  readonly trunkLearningRateFactor!: number

  @Field(() => [Int], { description: "Widths of the head's hidden layers; empty for a linear head." })
  readonly hiddenUnits!: number[]

  @Field(() => [Float], { description: 'The dropout before each hidden layer.' })
  readonly dropout!: number[]

  @Field(() => Augmentation, { description: 'How pictures are varied while training.' })
  readonly augmentation!: Hyperparameters['augmentation']

  @Field(() => Int, { description: 'Width and height in pixels that the network sees.' })
  readonly imageSize!: number

  @Field(() => EarlyStopping, { nullable: true, description: 'When it ends before its last epoch; null for never.' })
  readonly earlyStopping!: EarlyStopping | null

  @Field(() => Int, { description: 'What every random draw follows from.' })
  readonly seed!: number
}
