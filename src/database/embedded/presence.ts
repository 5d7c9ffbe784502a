/**
 * One idle connection for as long as a Graft process uses the server. Postgres itself so knows who is there: a killed
 * process's connection ends with it, and the last one to leave in order stops the server.
 */
import pg from 'pg'

const APPLICATION_NAME = 'graft-presence'

export interface Presence {
  /** How many other Graft processes use the server. */
  countOthers(): Promise<number>
  leave(): Promise<void>
}

/** `onLost` is called once if the connection ends before `leave`. */
export async function enterPresence(url: string, onLost: () => void): Promise<Presence> {
  const client = new pg.Client({ connectionString: url, application_name: APPLICATION_NAME, keepAlive: true })
  let left = false
  client.on('error', () => undefined)
  await client.connect()
  client.once('end', () => {
    if (!left) onLost()
  })
  return {
    countOthers: async () => {
      const { rows } = await client.query<{ others: number }>(
        'SELECT count(*)::int AS others FROM pg_stat_activity WHERE application_name = $1 AND pid <> pg_backend_pid()',
        [APPLICATION_NAME],
      )
      return rows[0]?.others ?? 0
    },
    leave: async () => {
      left = true
      await client.end()
    },
  }
}
