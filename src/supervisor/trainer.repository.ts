/** The trainers' own rows: who is there and what it does. They are for people; who holds a run is the run's lease. */
import type { PrismaClient } from '../database/generated/client.js'
import type { EngineInfo } from '../engine/engine.type.js'

export interface Presence {
  readonly engine: EngineInfo | null
  readonly trunkSha256: string | null
  /** Why its weights are not at hand. */
  readonly trunkFault: string | null
  readonly currentRunId: string | null
}

export class TrainerRepository {
  constructor(private readonly prisma: PrismaClient) {}

  /** Makes the row again if somebody took it for dead. */
  async show(id: string, { engine, trunkSha256, trunkFault, currentRunId }: Presence): Promise<void> {
    await this.prisma.$executeRaw`
      INSERT INTO trainer (id, engine, trunk_sha256, trunk_fault, current_run_id, started_at, last_seen_at)
      VALUES (${id}::uuid, ${engine === null ? null : JSON.stringify(engine)}::jsonb, ${trunkSha256},
        ${trunkFault}, ${currentRunId}::uuid, now(), now())
      ON CONFLICT (id) DO UPDATE SET engine = excluded.engine, trunk_sha256 = excluded.trunk_sha256,
        trunk_fault = excluded.trunk_fault,
        current_run_id = excluded.current_run_id, last_seen_at = excluded.last_seen_at`
  }

  async remove(id: string): Promise<void> {
    await this.prisma.trainer.deleteMany({ where: { id } })
  }

  /** Rows of trainers that were killed. */
  async removeUnseen(seconds: number): Promise<void> {
    await this.prisma.$executeRaw`DELETE FROM trainer WHERE last_seen_at < now() - make_interval(secs => ${seconds})`
  }
}
