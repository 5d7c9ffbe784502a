/** Grad-CAM (Selvaraju and others, 2017): where in a picture the trunk found what speaks for a class. */

/**
 * The activations' sum, each channel weighted by the mean of the logit's gradient in it, without what speaks against the
 * class, scaled to a greatest value of 1. As pooling is a mean, a channel's gradient is that of its feature, divided by
 * the number of places, which scaling takes off again.
 * @param activations [channels, places]
 * @param gradient [channels], of the logit with respect to the pooled features
 * @returns [places]; all 0 where nothing speaks for the class
 */
export function drawAttention(activations: Float32Array, gradient: Float32Array): Float32Array {
  const places = activations.length / gradient.length
  const sums = new Float64Array(places)
  for (const [channel, weight] of gradient.entries()) {
    const from = channel * places
    for (let place = 0; place < places; place++) {
      sums[place] = (sums[place] as number) + weight * (activations[from + place] as number)
    }
  }
  const greatest = Math.max(...sums)
  return Float32Array.from(sums, (sum) => (greatest > 0 ? Math.max(0, sum) / greatest : 0))
}
