-- AlterTable
ALTER TABLE "image" ADD COLUMN     "removed_at" TIMESTAMPTZ(3);

-- CreateIndex
CREATE INDEX "image_removed_at_idx" ON "image"("removed_at");
