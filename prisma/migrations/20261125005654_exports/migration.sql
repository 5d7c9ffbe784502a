-- CreateEnum
CREATE TYPE "ExportFormat" AS ENUM ('SAFETENSORS', 'ONNX');

-- CreateTable
CREATE TABLE "export" (
    "token" TEXT NOT NULL,
    "checkpoint_id" UUID,
    "format" "ExportFormat" NOT NULL,
    "file_name" TEXT NOT NULL,
    "sha256" TEXT NOT NULL,
    "byte_size" BIGINT NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "export_pkey" PRIMARY KEY ("token")
);

-- CreateIndex
CREATE INDEX "export_checkpoint_id_format_idx" ON "export"("checkpoint_id", "format");

-- CreateIndex
CREATE INDEX "export_sha256_idx" ON "export"("sha256");

-- CreateIndex
CREATE INDEX "export_expires_at_idx" ON "export"("expires_at");

-- AddForeignKey
ALTER TABLE "export" ADD CONSTRAINT "export_checkpoint_id_fkey" FOREIGN KEY ("checkpoint_id") REFERENCES "checkpoint"("id") ON DELETE SET NULL ON UPDATE CASCADE;
