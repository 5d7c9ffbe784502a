-- CreateEnum
CREATE TYPE "DuplicateKind" AS ENUM ('IDENTICAL', 'NEAR');

-- AlterTable
ALTER TABLE "image" ADD COLUMN     "perceptual_hash" BIGINT;

-- CreateTable
CREATE TABLE "dataset_health" (
    "dataset_id" UUID NOT NULL,
    "state" "JobState" NOT NULL DEFAULT 'QUEUED',
    "lease" INTEGER NOT NULL DEFAULT 0,
    "requests" INTEGER NOT NULL DEFAULT 1,
    "error" TEXT,
    "trunk_sha256" TEXT,
    "trunk_precision" TEXT,
    "image_size" INTEGER NOT NULL,
    "feature_key" TEXT,
    "computed_at" TIMESTAMPTZ(3),
    "computed_trunk_sha256" TEXT,
    "computed_image_size" INTEGER,
    "image_count" INTEGER,
    "fingerprint" TEXT,

    CONSTRAINT "dataset_health_pkey" PRIMARY KEY ("dataset_id")
);

-- CreateTable
CREATE TABLE "duplicate_group" (
    "id" UUID NOT NULL,
    "dataset_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "kind" "DuplicateKind" NOT NULL,

    CONSTRAINT "duplicate_group_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "duplicate_member" (
    "group_id" UUID NOT NULL,
    "image_id" UUID NOT NULL,
    "similarity" DOUBLE PRECISION NOT NULL,

    CONSTRAINT "duplicate_member_pkey" PRIMARY KEY ("group_id","image_id")
);

-- CreateTable
CREATE TABLE "doubtful_label" (
    "image_id" UUID NOT NULL,
    "dataset_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "given_label" TEXT NOT NULL,
    "suggested_label" TEXT NOT NULL,
    "score" DOUBLE PRECISION NOT NULL,

    CONSTRAINT "doubtful_label_pkey" PRIMARY KEY ("image_id")
);

-- CreateIndex
CREATE INDEX "dataset_health_state_idx" ON "dataset_health"("state");

-- CreateIndex
CREATE UNIQUE INDEX "duplicate_group_dataset_id_position_key" ON "duplicate_group"("dataset_id", "position");

-- CreateIndex
CREATE INDEX "duplicate_member_image_id_idx" ON "duplicate_member"("image_id");

-- CreateIndex
CREATE UNIQUE INDEX "doubtful_label_dataset_id_position_key" ON "doubtful_label"("dataset_id", "position");

-- AddForeignKey
ALTER TABLE "dataset_health" ADD CONSTRAINT "dataset_health_dataset_id_fkey" FOREIGN KEY ("dataset_id") REFERENCES "dataset"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "duplicate_group" ADD CONSTRAINT "duplicate_group_dataset_id_fkey" FOREIGN KEY ("dataset_id") REFERENCES "dataset_health"("dataset_id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "duplicate_member" ADD CONSTRAINT "duplicate_member_group_id_fkey" FOREIGN KEY ("group_id") REFERENCES "duplicate_group"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "duplicate_member" ADD CONSTRAINT "duplicate_member_image_id_fkey" FOREIGN KEY ("image_id") REFERENCES "image"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "doubtful_label" ADD CONSTRAINT "doubtful_label_dataset_id_fkey" FOREIGN KEY ("dataset_id") REFERENCES "dataset_health"("dataset_id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "doubtful_label" ADD CONSTRAINT "doubtful_label_image_id_fkey" FOREIGN KEY ("image_id") REFERENCES "image"("id") ON DELETE CASCADE ON UPDATE CASCADE;
