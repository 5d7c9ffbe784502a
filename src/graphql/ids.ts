/** Global ids, as Relay's Node has them: base64url of `Type:uuid`, or `Type:uuid:number` for a row within another. */
export interface LocalId {
  typeName: string
  /** The row's uuid, for some types followed by `:` and a number. */
  id: string
}

const PATTERN = /^([A-Za-z]+):([\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}(?::\d{1,9})?)$/

export function globalId(typeName: string, id: string): string {
  return Buffer.from(`${typeName}:${id}`).toString('base64url')
}

/** Undefined for an id that this server cannot have made, or that names another type than the one asked for. */
export function parseGlobalId(id: string, typeName?: string): LocalId | undefined {
  const [, name, local] = PATTERN.exec(Buffer.from(id, 'base64url').toString()) ?? []
  if (name === undefined || local === undefined || globalId(name, local) !== id) return undefined
  return typeName === undefined || typeName === name ? { typeName: name, id: local } : undefined
}

/** The uuid in an id of that type; undefined for anything else. */
export function uuidOf(id: string, typeName: string): string | undefined {
  const local = parseGlobalId(id, typeName)?.id
  return local === undefined || local.includes(':') ? undefined : local
}
