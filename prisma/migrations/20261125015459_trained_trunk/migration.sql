-- AlterTable
ALTER TABLE "checkpoint" ADD COLUMN     "trained_trunk_sha256" TEXT;
