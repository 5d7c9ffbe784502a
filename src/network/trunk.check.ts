/** Whether weights are a ResNet-50's, and if not, why: the message is for whoever chose the file. */
import { convolutions, trunkShapes } from './resnet50.js'
import { WeightsError, type StateDict } from './weights.js'

const NAMED_AT_MOST = 3

/**
 * Tolerates the classifier `fc` and batch norms' counters beside the trunk, nothing else: an unknown tensor means a
 * network that computes something else.
 * @throws WeightsError naming what is missing, misshapen, superfluous or not a number
 */
export function checkTrunk(trunk: StateDict): void {
  const shapes = trunkShapes()
  const missing = [...shapes.keys()].filter((name) => !trunk.has(name))
  const misshapen = [...shapes].flatMap(([name, shape]) => {
    const found = trunk.get(name)?.shape
    return found === undefined || String(found) === String(shape)
      ? []
      : [`${name} is ${show(found)} instead of ${show(shape)}`]
  })
  const extra = [...trunk.keys()].filter((name) => !shapes.has(name) && isTrunkTensor(name))
  const problems = [
    ...list('missing', missing),
    ...list('of another shape', misshapen),
    ...list('not part of a ResNet-50', extra),
  ]
  if (problems.length === 0) {
    checkValues(trunk)
    return
  }
  const hint = recognise(trunk)
  throw new WeightsError(
    `These weights are not a ResNet-50's${hint ? `: ${hint}` : ''}. Tensors ${problems.join('; ')}.`,
  )
}

/** Everything but the classifier and the counters of batch norms. */
export function isTrunkTensor(name: string): boolean {
  return !name.startsWith('fc.') && !name.endsWith('.num_batches_tracked')
}

function list(what: string, names: readonly string[]): string[] {
  if (names.length === 0) return []
  const more = names.length > NAMED_AT_MOST ? ` and ${String(names.length - NAMED_AT_MOST)} more` : ''
  return [`${what}: ${names.slice(0, NAMED_AT_MOST).join(', ')}${more}`]
}

function show(shape: readonly number[]): string {
  return `[${shape.join(', ')}]`
}

/** What the usual mistakes look like. */
function recognise(trunk: StateDict): string | null {
  const prefix = [...trunk.keys()]
    .find((name) => name.endsWith('.layer1.0.conv1.weight'))
    ?.slice(0, -'layer1.0.conv1.weight'.length)
  if (prefix !== undefined) return `their names begin with "${prefix}"; save them without that prefix`
  const kernel = trunk.get('layer1.0.conv1.weight')?.shape
  if (kernel === undefined) return null
  if (kernel[2] === 3) return `this is a ${trunk.has('layer1.2.conv1.weight') ? 'ResNet-34' : 'ResNet-18'}`
  if (trunk.has('layer2.7.conv1.weight')) return 'this is a ResNet-152'
  if (trunk.has('layer3.22.conv1.weight')) return 'this is a ResNet-101'
  if (trunk.get('layer1.0.conv2.weight')?.shape[1] === 4) return 'this is a ResNeXt-50'
  if (kernel[0] === 128) return 'this is a Wide ResNet-50'
  return null
}

function checkValues(trunk: StateDict): void {
  for (const name of trunkShapes().keys()) {
    if (!trunk.get(name)?.data.every(Number.isFinite))
      throw new WeightsError(`The tensor ${name} holds values that are not numbers.`)
  }
  for (const { norm } of convolutions()) {
    const variance = `${norm}.running_var`
    if (trunk.get(variance)?.data.some((value) => value < 0))
      throw new WeightsError(`The tensor ${variance} holds negative variances.`)
  }
}
