/** A checkpoint's whole network as one file that others can use: trunk and head, and how pictures become its input. */
import type { ExportFormat } from '../../domain/export-format.js'
import type { PrecisionChoice } from '../../domain/precision.js'
import { MEAN, STANDARD_DEVIATION } from '../../images/image.tensor.js'
import { shorterSide } from '../../images/torchvision.geometry.js'
import { networkGraph } from '../../network/network.graph.js'
import { convolutions } from '../../network/resnet50.js'
import { writeSafetensors } from '../../network/safetensors.js'
import type { StateDict } from '../../network/weights.js'
import type { CheckpointFile } from '../../training/checkpoint-file.js'

interface LearntWith {
  readonly trunk: StateDict
  readonly trunkPrecision: PrecisionChoice
}

/** Equal checkpoints give equal bytes. */
export function exportFile(
  { trunk, trunkPrecision }: LearntWith,
  checkpoint: CheckpointFile,
  format: ExportFormat,
): Uint8Array {
  // What was trained takes the place of what it was trained from.
  const network: StateDict = new Map([...trunk, ...checkpoint.trunk, ...checkpoint.head])
  const metadata = metadataOf(checkpoint, trunkPrecision)
  if (format === 'ONNX') return networkGraph(network, { imageSize: checkpoint.hyperparameters.imageSize, metadata })
  // PyTorch counts the batches that each norm has seen; with a momentum it never looks at the count.
  const counters = convolutions().map(({ norm }) => `${norm}.num_batches_tracked`)
  return writeSafetensors(network, { format: 'pt', ...metadata }, counters)
}

/** Values are JSON. A picture is resized, cropped, scaled to 0-1, less `mean`, through `std`: [3, imageSize, imageSize]. */
function metadataOf(
  { classNames, hyperparameters, ...from }: CheckpointFile,
  learntWith: PrecisionChoice,
): Record<string, string> {
  const { imageSize } = hyperparameters
  const facts = {
    labels: classNames,
    imageSize,
    channels: 'RGB',
    resize: { shorterSide: shorterSide(imageSize), interpolation: 'bilinear', antialias: true },
    centerCrop: imageSize,
    mean: MEAN,
    std: STANDARD_DEVIATION,
    trainingRun: from.runId,
    epoch: from.epoch,
    trunkSha256: from.trunkSha256,
    // A head that learnt from an int8 trunk's features answers a little differently behind the exact ones.
    trunkPrecision: { learntWith, exported: 'fp32' },
  }
  return Object.fromEntries(Object.entries(facts).map(([name, value]) => [name, JSON.stringify(value)]))
}
