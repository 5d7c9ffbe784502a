-- AlterTable
ALTER TABLE "training_run" ADD COLUMN     "trunk_precision" TEXT;

-- Until now every trunk ran in single precision.
UPDATE "training_run" SET "trunk_precision" = 'fp32' WHERE "trunk_sha256" IS NOT NULL;

-- CreateTable
CREATE TABLE "trunk_calibration" (
    "trunk_sha256" TEXT NOT NULL,
    "image_size" INTEGER NOT NULL,
    "sha256" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "trunk_calibration_pkey" PRIMARY KEY ("trunk_sha256","image_size")
);
