import { describe, expect, it } from 'vitest'
import { trunkShapes } from '../../src/network/resnet50.js'
import { checkTrunk } from '../../src/network/trunk.check.js'
import { canonicalTrunk } from '../../src/network/trunk.canonical.js'
import { readSafetensors } from '../../src/network/safetensors.js'
import { elementCount, WeightsError, type Tensor } from '../../src/network/weights.js'

/** Zeros of the right shapes, with what is given put in, or taken out where it is null. */
function weights(changes: Record<string, readonly number[] | null> = {}): Map<string, Tensor> {
  const shapes = new Map([...trunkShapes(), ...Object.entries(changes)])
  const kept = [...shapes].flatMap(([name, shape]) => (shape === null ? [] : [[name, zeros(shape)] as const]))
  return new Map(kept)
}

function zeros(shape: readonly number[]): Tensor {
  return { shape, data: new Float32Array(elementCount(shape)) }
}

function complaint(trunk: Map<string, Tensor>): string {
  try {
    checkTrunk(trunk)
  } catch (error) {
    if (error instanceof WeightsError) return error.message
    throw error
  }
  return 'none'
}

describe('Weights for a trunk', () => {
  it('may bring a classifier and the counters of batch norms along', () => {
    expect(complaint(weights({ 'fc.weight': [7, 2048], 'fc.bias': [7], 'bn1.num_batches_tracked': [] }))).toBe('none')
  })

  it('are refused by the names of missing tensors, the first few of them', () => {
    expect(complaint(weights({ 'conv1.weight': null }))).toBe(
      "These weights are not a ResNet-50's. Tensors missing: conv1.weight.",
    )
    const names = [...trunkShapes().keys()].filter((name) => name.startsWith('layer4'))
    expect(complaint(weights(Object.fromEntries(names.map((name) => [name, null]))))).toMatch(/and \d+ more/)
  })

  it('are refused by both shapes where they differ', () => {
    expect(complaint(weights({ 'layer1.0.bn1.weight': [63] }))).toMatch(
      /layer1\.0\.bn1\.weight is \[63\] instead of \[64\]/,
    )
  })

  it('are refused where they hold a tensor that a ResNet-50 has no place for', () => {
    expect(complaint(weights({ 'layer1.0.se.weight': [3] }))).toMatch(/not part of a ResNet-50: layer1\.0\.se\.weight/)
  })

  it('are refused where a value is not a number or a variance negative', () => {
    const broken = weights()
    broken.set('bn1.bias', { shape: [64], data: new Float32Array(64).fill(NaN) })
    expect(complaint(broken)).toMatch(/bn1\.bias holds values that are not numbers/)
    const negative = weights()
    negative.set('bn1.running_var', { shape: [64], data: new Float32Array(64).fill(-1) })
    expect(complaint(negative)).toMatch(/bn1\.running_var holds negative variances/)
  })

  it.each<[string, Record<string, readonly number[] | null>]>([
    [
      'ResNet-18',
      { 'layer1.0.conv1.weight': [64, 64, 3, 3], 'layer1.2.conv1.weight': null, 'layer1.0.conv3.weight': null },
    ],
    ['ResNet-34', { 'layer1.0.conv1.weight': [64, 64, 3, 3], 'layer1.0.conv3.weight': null }],
    ['ResNet-101', { 'layer3.22.conv1.weight': [256, 1024, 1, 1] }],
    ['ResNet-152', { 'layer2.7.conv1.weight': [128, 512, 1, 1], 'layer3.22.conv1.weight': [256, 1024, 1, 1] }],
    ['Wide ResNet-50', { 'layer1.0.conv1.weight': [128, 64, 1, 1] }],
    ['ResNeXt-50', { 'layer1.0.conv2.weight': [128, 4, 3, 3], 'layer1.0.conv1.weight': [128, 64, 1, 1] }],
  ])('of a %s are called that', (name, changes) => {
    expect(complaint(weights(changes))).toContain(`this is a ${name}.`)
  })

  it('with a prefix before every name are told so', () => {
    const prefixed = new Map([...weights()].map(([name, tensor]) => [`module.${name}`, tensor]))
    expect(complaint(prefixed)).toContain('their names begin with "module."')
  })
})

describe('A canonical trunk', () => {
  it('has the same identity whatever order, counters and classifier its file had', () => {
    const plain = canonicalTrunk(weights())
    const other = canonicalTrunk(
      new Map([...weights({ 'fc.weight': [7, 2048], 'bn1.num_batches_tracked': [] })].reverse()),
    )
    expect(other.sha256).toBe(plain.sha256)
    expect([...readSafetensors(plain.bytes).keys()]).toEqual([...trunkShapes().keys()].sort())
  })

  it('has another identity when a single weight differs', () => {
    const changed = weights()
    changed.get('conv1.weight')?.data.fill(1, 0, 1)
    expect(canonicalTrunk(changed).sha256).not.toBe(canonicalTrunk(weights()).sha256)
  })
})
