-- AlterTable
ALTER TABLE "checkpoint" ADD COLUMN     "temperature" DOUBLE PRECISION;

-- AlterTable
ALTER TABLE "epoch" ADD COLUMN     "balanced_accuracy" DOUBLE PRECISION,
ADD COLUMN     "cohen_kappa" DOUBLE PRECISION,
ADD COLUMN     "expected_calibration_error" DOUBLE PRECISION,
ADD COLUMN     "matthews_correlation" DOUBLE PRECISION,
ADD COLUMN     "temperature" DOUBLE PRECISION;

-- CreateTable
CREATE TABLE "score_report" (
    "evaluation_id" UUID NOT NULL,
    "report" JSONB NOT NULL,

    CONSTRAINT "score_report_pkey" PRIMARY KEY ("evaluation_id")
);

-- AddForeignKey
ALTER TABLE "score_report" ADD CONSTRAINT "score_report_evaluation_id_fkey" FOREIGN KEY ("evaluation_id") REFERENCES "evaluation"("id") ON DELETE CASCADE ON UPDATE CASCADE;
