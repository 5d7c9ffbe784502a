import { describeDepth } from './depth.js'

describeDepth('LAYER4', 60_000)
