import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { moduleTree, parameterCounts } from '../../src/network/architecture.js'
import { describeWithShared } from '../shared.js'

const REFERENCE = { hiddenUnits: [1024, 256], dropout: [0.5, 0.3], classCount: 2 }

describe('The module tree', () => {
  it('is indented by two spaces a level, as PyTorch prints it', () => {
    const lines = moduleTree(REFERENCE).split('\n')
    expect(lines[0]).toBe('ResNet(')
    expect(lines).toContain('  (conv1): Conv2d(3, 64, kernel_size=(7, 7), stride=(2, 2), padding=(3, 3), bias=False)')
    expect(lines).toContain('  (relu): ReLU(inplace)')
    expect(lines).toContain('    (0): Bottleneck(')
    expect(lines).toContain(
      '      (bn3): BatchNorm2d(2048, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True)',
    )
    expect(lines).toContain('        (0): Conv2d(1024, 2048, kernel_size=(1, 1), stride=(2, 2), bias=False)')
    expect(lines).toContain('    (7): LogSoftmax()')
    expect(lines.slice(-2)).toEqual(['  )', ')'])
  })

  it('shows a linear head', () => {
    const tree = moduleTree({ hiddenUnits: [], dropout: [], classCount: 200 })
    expect(tree).toMatch(
      /\(fc\): Sequential\(\n {4}\(0\): Linear\(in_features=2048, out_features=200, bias=True\)\n {4}\(1\): LogSoftmax\(\)\n {2}\)\n\)$/,
    )
  })

  it('writes dropout rates as Python does', () => {
    const tree = moduleTree({ hiddenUnits: [8, 8, 8], dropout: [0, 0.25, 0.00001], classCount: 2 })
    expect(tree.match(/Dropout\(p=.*\)/g)).toEqual(['Dropout(p=0.0)', 'Dropout(p=0.25)', 'Dropout(p=1e-05)'])
  })
})

describe('The parameter counts', () => {
  // What torchvision's resnet50 counts: sum(p.numel() for p in model.layer4.parameters()), and so on.
  it.each([
    ['HEAD', 0],
    ['LAYER4', 14_964_736],
    ['LAYER3', 14_964_736 + 7_098_368],
    ['LAYER2', 14_964_736 + 7_098_368 + 1_219_584],
    ['LAYER1', 14_964_736 + 7_098_368 + 1_219_584 + 215_808],
    ['ALL', 23_508_032],
  ] as const)('are a trunk of 23,508,032 and the head; %s lets %d of the trunk learn', (depth, trained) => {
    const head = 2049 * 1024 + 1025 * 256 + 257 * 2
    expect(parameterCounts(REFERENCE, depth)).toEqual({
      parameterCount: 23_508_032 + head,
      trainableParameterCount: head + trained,
    })
  })
})

describeWithShared('The reference head', (shared) => {
  it('prints as in the reference result', () => {
    const page = readFileSync(join(shared, 'fixtures/seed-report.md'), 'utf8')
    const tree = /```\n(ResNet\([^]*?)```/.exec(page)?.[1] ?? ''
    const stripped = (text: string): string[] =>
      text
        .trim()
        .split('\n')
        .map((line) => line.trim())
    expect(stripped(tree).length).toBeGreaterThan(150)
    expect(stripped(moduleTree(REFERENCE))).toEqual(stripped(tree))
  })
})
