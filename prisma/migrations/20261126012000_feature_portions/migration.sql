-- DropIndex
DROP INDEX "feature_shard_feature_key_idx";

-- AlterTable
ALTER TABLE "feature_shard" ADD COLUMN     "sequence" BIGSERIAL NOT NULL,
ADD COLUMN     "trainer_id" UUID;

-- CreateTable
CREATE TABLE "feature_portion" (
    "id" UUID NOT NULL,
    "run_id" UUID NOT NULL,
    "feature_key" TEXT NOT NULL,
    "recipe" JSONB NOT NULL,
    "computation" TEXT NOT NULL,
    "pictures" TEXT[],
    "owners_only" BOOLEAN NOT NULL DEFAULT false,
    "lease" INTEGER NOT NULL DEFAULT 0,
    "trainer_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),

    CONSTRAINT "feature_portion_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "feature_portion_feature_key_idx" ON "feature_portion"("feature_key");

-- CreateIndex
CREATE INDEX "feature_portion_run_id_idx" ON "feature_portion"("run_id");

-- CreateIndex
CREATE INDEX "feature_portion_computation_created_at_idx" ON "feature_portion"("computation", "created_at");

-- CreateIndex
CREATE INDEX "feature_shard_feature_key_sequence_idx" ON "feature_shard"("feature_key", "sequence");

-- AddForeignKey
ALTER TABLE "feature_portion" ADD CONSTRAINT "feature_portion_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "training_run"("id") ON DELETE CASCADE ON UPDATE CASCADE;
