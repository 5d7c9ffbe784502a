import { describeDepth } from '../trainer/depth.js'

// LAYER4 is among the quick ones.
for (const depth of ['LAYER3', 'LAYER2', 'LAYER1', 'ALL'] as const) describeDepth(depth, 240_000)
