import { percent } from '../../components/format.js'

interface Titled {
  readonly epoch: number
  readonly validationAccuracy: number
}

/** A checkpoint among others to choose from. */
export function checkpointTitle(runName: string, { epoch, validationAccuracy }: Titled): string {
  return `${runName}, epoch ${String(epoch)} (${percent(validationAccuracy, 1)} on validation)`
}
