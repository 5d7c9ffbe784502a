/** Postgres refuses to run as root, so a Graft that root started runs it as somebody else. */
import { chown, stat } from 'node:fs/promises'
import { dirname } from 'node:path'

export interface ServerUser {
  uid: number
  gid: number
}

/** "nobody" wherever it matters; needs no entry in /etc/passwd. */
const NOBODY: ServerUser = { uid: 65_534, gid: 65_534 }

/** Whom the server runs as: undefined for ourselves. Root runs an existing cluster as its owner. */
export async function serverUserOf(home: string): Promise<ServerUser | undefined> {
  if (process.getuid?.() !== 0) return undefined
  const owner = await stat(home).catch(() => undefined)
  return owner === undefined || owner.uid === 0 ? NOBODY : { uid: owner.uid, gid: owner.gid }
}

/** Whether the user may enter the folder: it and each of its parents must let them through. */
export async function canEnter(directory: string, user: ServerUser = NOBODY): Promise<boolean> {
  const { mode, uid, gid } = await stat(directory)
  const bit = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001
  if ((mode & bit) === 0) return false
  const parent = dirname(directory)
  return parent === directory || canEnter(parent, user)
}

export async function giveTo(path: string, user: ServerUser | undefined): Promise<void> {
  if (user !== undefined) await chown(path, user.uid, user.gid)
}
