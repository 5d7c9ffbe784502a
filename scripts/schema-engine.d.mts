/** SQL that turns the database into what prisma/schema.prisma says; empty where it already is that. */
export function schemaDifference(connectionString: string, options?: { fromEmpty?: boolean }): Promise<string>
