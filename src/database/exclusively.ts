import { connect } from './connect.js'

/**
 * Does something unless another process is doing it: a lock of a connection's own, which ends with the process.
 * @param name what is done, the same for all who do it
 * @returns null where somebody else is at it
 */
export async function exclusively<Result>(
  url: string,
  name: string,
  action: () => Promise<Result>,
): Promise<Result | null> {
  const client = await connect(url, 'graft-exclusive')
  try {
    const { rows } = await client.query<{ held: boolean }>(
      "SELECT pg_try_advisory_lock(hashtextextended('graft ' || $1, 0)) AS held",
      [name],
    )
    return rows[0]?.held === true ? await action() : null
  } finally {
    await client.end()
  }
}
