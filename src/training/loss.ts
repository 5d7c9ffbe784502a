/** Cross-entropy as torch.nn.CrossEntropyLoss(weight, label_smoothing, reduction='mean') defines it. */

export interface LossOptions {
  classCount: number
  labelSmoothing: number
  /** One for each class; left out, all are 1. */
  classWeights?: Float64Array | undefined
}

/**
 * The weights T [count, classCount] with which the loss is -ΣT·logProbabilities: of the picture's own class
 * (1 - smoothing)·w, of every class smoothing/classes·w, all divided by the sum of the pictures' weights.
 */
export function lossTargets(labels: Int32Array, options: LossOptions): Float32Array {
  const { classCount, labelSmoothing } = options
  const weights = options.classWeights ?? new Float64Array(classCount).fill(1)
  const total = labels.reduce((sum, label) => sum + (weights[label] as number), 0)
  const targets = new Float32Array(labels.length * classCount)
  for (const [i, label] of labels.entries()) {
    for (let c = 0; c < classCount; c++) {
      const share = labelSmoothing / classCount + (c === label ? 1 - labelSmoothing : 0)
      targets[i * classCount + c] = (share * (weights[c] as number)) / total
    }
  }
  return targets
}

/** -ΣT·logProbabilities, added in double precision. */
export function lossOf(logProbabilities: ArrayLike<number>, targets: Float32Array): number {
  return -targets.reduce((sum, target, i) => sum + target * (logProbabilities[i] as number), 0)
}

/** balanceClasses: n / (classes · n_c), so that every class weighs the same over the whole set. */
export function balancedClassWeights(labels: Int32Array, classCount: number): Float64Array {
  const counts = new Float64Array(classCount)
  for (const label of labels) counts[label] = (counts[label] as number) + 1
  return counts.map((count) => (count === 0 ? 0 : labels.length / (classCount * count)))
}
