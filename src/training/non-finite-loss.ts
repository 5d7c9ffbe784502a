import { RunError } from '../domain/failure.js'

/** @param place without a step: in the validation after the epoch */
export function nonFiniteLoss(
  place: { epoch: number; step?: number },
  { learningRate }: { learningRate: number },
): RunError {
  const where =
    place.step === undefined
      ? `in the validation after epoch ${String(place.epoch)}`
      : `at epoch ${String(place.epoch)}, step ${String(place.step)}`
  const smaller = String(Number((learningRate / 10).toPrecision(6)))
  return new RunError('NON_FINITE_LOSS', `The loss ${where} is not a finite number: the training diverged.`, {
    text: `Start the run again with a tenth of the learning rate, ${smaller}. Checkpoints of earlier epochs are kept.`,
    changes: [{ name: 'learningRate', value: smaller }],
  })
}
