/** From real numbers to small integers: real ≈ scale · (integer - zero). All scales are single precision, as they run. */

export interface Range {
  readonly min: number
  readonly max: number
}

export interface ByteScale {
  readonly scale: number
  /** The byte that means 0, so that padding and relu are exact. */
  readonly zero: number
}

const MAX_BYTE = 255
const MAX_WEIGHT = 127
/** A bias must fit 32 bits together with what is summed onto it. */
const MAX_BIAS = 2 ** 30

/** Unsigned bytes for a range, widened to hold 0. */
export function byteScale({ min, max }: Range): ByteScale {
  const low = Math.min(min, 0)
  const scale = Math.fround((Math.max(max, 0) - low) / MAX_BYTE)
  if (scale === 0) return { scale: 1, zero: 0 }
  return { scale, zero: Math.min(MAX_BYTE, Math.round((0 - low) / scale)) }
}

export interface ConvolutionWeights {
  /** [channels, …], row-major. */
  readonly weight: Float32Array
  /** [channels] */
  readonly bias: Float32Array
  /** Of the activation that the convolution reads. */
  readonly inputScale: number
}

/** One for each output channel; wide enough for its greatest weight and for its bias. */
export function weightScales({ weight, bias, inputScale }: ConvolutionWeights): Float32Array {
  const perChannel = weight.length / bias.length
  return bias.map((offset, channel) => {
    let greatest = 0
    for (let i = channel * perChannel; i < (channel + 1) * perChannel; i++) {
      greatest = Math.max(greatest, Math.abs(weight[i] as number))
    }
    return Math.max(greatest / MAX_WEIGHT, Math.abs(offset) / (inputScale * MAX_BIAS)) || 1
  })
}

/** @returns signed bytes [channels, …] */
export function quantiseWeights(weight: Float32Array, scales: Float32Array): Int8Array {
  const perChannel = weight.length / scales.length
  const integers = new Int8Array(weight.length)
  for (let channel = 0, i = 0; channel < scales.length; channel++) {
    const scale = scales[channel] as number
    for (const end = i + perChannel; i < end; i++) {
      const rounded = Math.round((weight[i] as number) / scale)
      integers[i] = Math.max(-MAX_WEIGHT, Math.min(MAX_WEIGHT, rounded))
    }
  }
  return integers
}

/** @param scales those of the weights times the input's */
export function biasOf(bias: Float32Array, scales: Float32Array): Int32Array {
  return Int32Array.from(bias, (value, channel) => Math.round(value / (scales[channel] as number)))
}
