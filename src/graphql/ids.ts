/** Global ids, as Relay's Node has them: base64url of `Type:uuid`, or `Type:uuid:number` for a row within another. */
export interface LocalId {
  typeName: string
  /** The row's uuid, for some types followed by `:` and a number. */
  id: string
}

const UUID = /[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/
const WHOLE_UUID = new RegExp(`^${UUID.source}$`)
const PATTERN = new RegExp(`^([A-Za-z]+):(${UUID.source}(?::\\d{1,9})?)$`)

/** Whether it is written as Postgres writes a row's id: anything else is no row's, and Postgres would not take it. */
export function isUuid(text: string): boolean {
  return WHOLE_UUID.test(text)
}

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
