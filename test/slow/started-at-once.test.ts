import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { locateCluster } from '../../src/database/embedded/cluster-home.js'
import { ensureServer } from '../../src/database/embedded/ensure-server.js'
import { stopPostmaster } from '../../src/database/embedded/postmaster.js'
import { EPOCHS, LONG, PER_CLASS } from './faults.js'
import { openFleet, type Fleet } from './fleet.js'
import * as work from './work.js'

describe.each(['an empty data folder', 'an empty database'])(
  'Two servers and two trainers started at once on %s',
  (on) => {
    let fleet: Fleet
    beforeAll(async () => {
      fleet = await openFleet()
      const env = on === 'an empty database' ? { DATABASE_URL: (await ensureServer(fleet.dataDir)).url } : {}
      await Promise.all((['server', 'server', 'trainer', 'trainer'] as const).map((role) => fleet.start(role, env)))
      await fleet.ready()
    })
    afterAll(async () => {
      const home = await locateCluster(fleet.dataDir)
      await fleet.close(() => stopPostmaster(home))
    })

    it('see the same and work on the same, and whoever subscribes to either gets each epoch once', async () => {
      const { versionId } = await work.drawnVersion(fleet, PER_CLASS)
      const ids: string[] = []
      for (let i = 0; i < 3; i++) ids.push(await work.startRun(fleet, versionId, LONG))
      const numbers = Array.from({ length: EPOCHS }, (_, i) => i + 1)
      const subscribers = ids.flatMap((id) =>
        [0, 1].map(async (server) => {
          const seen: number[] = []
          for await (const { number } of fleet.client(server).watchTrainingRun(id)) seen.push(number)
          return seen
        }),
      )
      for (const seen of await Promise.all(subscribers)) expect(seen).toEqual(numbers)
      for (const id of ids) expect(await work.runEnd(fleet, id)).toMatchObject({ status: 'SUCCEEDED', attempts: 1 })
      const trainers = await fleet.query<{ id: string }>('SELECT id FROM trainer')
      expect(trainers).toHaveLength(2)
    })
  },
)
