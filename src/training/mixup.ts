/** mixup (Zhang, Cissé, Dauphin, Lopez-Paz, 2018): every picture of a batch is blended with another one, and its target too. */
import { randomKey, randomPermutation, randomStream, type RandomStream } from '../domain/random.js'
import type { Batch } from './batches.js'
import { lossTargets, type LossOptions } from './loss.js'

/** Of the beta distribution that shares are drawn from: mostly close to 1, now and then a half. */
const ALPHA = 0.2

export interface Mixture {
  /** Of the pictures that were blended in, one for each of the batch. */
  readonly labels: Int32Array
  /** Of the batch's own pictures, at least a half. */
  readonly share: number
}

interface Place {
  seed: number
  epoch: number
  step: number
}

/** One share for the whole batch; the partners are the batch's own pictures in another order. */
export function mixUp(batch: Batch, { seed, epoch, step }: Place): Batch & { mixture: Mixture } {
  const { inputs, labels, count } = batch
  const drawn = drawBeta(randomStream(randomKey(seed, 'mixup share', epoch, step)), ALPHA)
  const share = Math.max(drawn, 1 - drawn)
  const partners = randomPermutation(randomKey(seed, 'mixup partner', epoch, step), count)
  const width = inputs.length / count
  const mixed = new Float32Array(inputs.length)
  for (let row = 0, i = 0; row < count; row++) {
    let j = (partners[row] as number) * width
    for (const end = i + width; i < end; i++, j++) {
      mixed[i] = share * (inputs[i] as number) + (1 - share) * (inputs[j] as number)
    }
  }
  const mixture = { labels: Int32Array.from(partners, (partner) => labels[partner] as number), share }
  return { ...batch, inputs: mixed, mixture }
}

/** As lossTargets has it for one label, for both labels of a mixed picture by their shares. */
export function mixedTargets(labels: Int32Array, mixture: Mixture, options: LossOptions): Float32Array {
  const own = lossTargets(labels, options)
  const others = lossTargets(mixture.labels, options)
  return own.map((target, i) => mixture.share * target + (1 - mixture.share) * (others[i] as number))
}

/** From the symmetric beta distribution, by Jöhnk's method: right for any `alpha`, quick where it is below 1. */
export function drawBeta(draw: RandomStream, alpha: number): number {
  for (;;) {
    const [a, b] = [draw() ** (1 / alpha), draw() ** (1 / alpha)]
    if (a + b > 0 && a + b <= 1) return a / (a + b)
  }
}
