import { expect, it } from 'vitest'
import { demoEnvironment } from '../../cli/environment.js'

it("keeps the demo away from the user's own Graft", () => {
  const shell = {
    PATH: '/bin',
    PORT: '4000',
    DATABASE_URL: 'postgresql://production',
    GRAFT_TOKENS: 'me:admin:0123456789abcdef',
    GRAFT_STORAGE_URL: 'file:/srv/graft',
  }
  expect(demoEnvironment({ PORT: '0' }, shell)).toEqual({ PATH: '/bin', PORT: '0', GRAFT_TRUNK_WEIGHTS: 'random' })
})

it('takes the weights and the engine that the user chose, and a random trunk where none are named', () => {
  const chosen = { GRAFT_TRUNK_WEIGHTS: '/weights/resnet50.safetensors', GRAFT_ENGINE: 'wasm' }
  expect(demoEnvironment({}, chosen)).toEqual(chosen)
  expect(demoEnvironment({}, { GRAFT_TRUNK_WEIGHTS: '' })).toEqual({ GRAFT_TRUNK_WEIGHTS: 'random' })
})
