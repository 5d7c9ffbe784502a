import type { Transaction } from '../database/database.js'

/** Holds the row until the transaction ends, so that nobody forgets the trunk before a run is pinned to it. */
export async function keepTrunk(
  tx: Transaction,
  trunk: { readonly sha256: string; readonly name: string; readonly pretrained: boolean },
): Promise<void> {
  const { sha256, name, pretrained } = trunk
  await tx.$executeRaw`
    INSERT INTO trunk (sha256, name, pretrained) VALUES (${sha256}, ${name}, ${pretrained})
    ON CONFLICT (sha256) DO UPDATE SET sha256 = excluded.sha256`
}
