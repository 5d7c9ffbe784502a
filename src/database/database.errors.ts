/** The database cannot be had; the message says what to check. */
export class DatabaseError extends Error {
  override readonly name: string = 'DatabaseError'
}

/** The database was migrated by another version of Graft. */
export class DatabaseVersionError extends DatabaseError {
  override readonly name = 'DatabaseVersionError'
}
