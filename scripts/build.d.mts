/** Makes dist/ and the Prisma client if they are not up to date. */
export function ensureBuilt(): Promise<void>
