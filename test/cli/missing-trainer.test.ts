import { PassThrough } from 'node:stream'
import { expect, it } from 'vitest'
import { createClient } from '../../client/client.js'
import { tellMissingTrainer } from '../../cli/missing-trainer.js'
import { createTerminal } from '../../cli/terminal.js'
import { createTestServer } from '../server/server.js'

it('says that what waits for a trainer waits, where there is none', async () => {
  const server = await createTestServer()
  const out = new PassThrough()
  const client = createClient({ url: server.url })
  try {
    await tellMissingTrainer({ client, terminal: createTerminal(out as unknown as NodeJS.WriteStream, false) })
  } finally {
    await client.close()
    await server.close()
  }
  expect(String(out.read())).toMatch(/^No trainer is running/)
})
