-- AlterTable
ALTER TABLE "epoch" ALTER COLUMN "finished_at" SET DEFAULT clock_timestamp();

-- AlterTable
ALTER TABLE "training_run" ALTER COLUMN "created_at" SET DEFAULT clock_timestamp();
