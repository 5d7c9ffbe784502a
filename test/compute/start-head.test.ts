import { describe, expect, it } from 'vitest'
import { startHead } from '../../src/compute/start-head.js'
import { parseHyperparameters, type Hyperparameters } from '../../src/domain/hyperparameters.js'
import { drawHead } from '../../src/network/head.js'
import { readCheckpoint, writeCheckpoint } from '../../src/training/checkpoint-file.js'

function hyperparameters(input: object): Hyperparameters {
  const parsed = parseHyperparameters({ hiddenUnits: [8], ...input })
  if ('issues' in parsed) throw new Error(JSON.stringify(parsed.issues))
  return parsed.value
}

const classNames = ['cat', 'dog', 'fox']
const parent = {
  runId: 'run',
  epoch: 3,
  classNames,
  hyperparameters: hyperparameters({ seed: 1 }),
  trunkSha256: 'trunk',
  preprocessingVersion: 1,
  head: drawHead({ hiddenUnits: [8], dropout: [0.5], classCount: 3 }, 1),
}
const file = writeCheckpoint(parent)
const own = hyperparameters({ seed: 2 })
const drawn = startHead({ hyperparameters: own, classNames }, null)

describe('the head that a run starts from', () => {
  it('is drawn from the seed', () => {
    expect(drawn).toEqual(drawHead({ hiddenUnits: [8], dropout: [0.5], classCount: 3 }, 2))
  })

  it('is the checkpoint that it starts from', () => {
    expect(startHead({ hyperparameters: own, classNames }, file)).toEqual(parent.head)
  })

  it.each([[['dog', 'cat', 'fox']], [['cat', 'dog', 'owl']], [['cat', 'dog']]])(
    'has a new last layer for the classes %j',
    (others) => {
      const head = startHead({ hyperparameters: own, classNames: others }, file)
      const fresh = startHead({ hyperparameters: own, classNames: others }, null)
      expect(head.get('fc.1.weight')).toEqual(parent.head.get('fc.1.weight'))
      expect(head.get('fc.1.bias')).toEqual(parent.head.get('fc.1.bias'))
      expect(head.get('fc.3.weight')).toEqual(fresh.get('fc.3.weight'))
      expect(head.get('fc.3.bias')).toEqual(fresh.get('fc.3.bias'))
    },
  )

  it('is wholly new for other hidden layers', () => {
    const other = hyperparameters({ hiddenUnits: [8, 4], seed: 2 })
    expect(startHead({ hyperparameters: other, classNames }, file)).toEqual(
      startHead({ hyperparameters: other, classNames }, null),
    )
  })
})

describe("a checkpoint's file", () => {
  it('gives back what was written', () => {
    expect(readCheckpoint(file)).toEqual(parent)
  })

  it('is another one for another run, whatever the weights', () => {
    expect(writeCheckpoint({ ...parent, runId: 'other' }).equals(file)).toBe(false)
  })
})
