-- The order is "highest first, runs without the figure last"; an index serves it only if it puts nulls last too, which
-- schema.prisma cannot say.
DROP INDEX "training_run_best_validation_accuracy_id_idx";
DROP INDEX "training_run_test_accuracy_id_idx";

CREATE INDEX "training_run_best_validation_accuracy_id_idx"
  ON "training_run"("best_validation_accuracy" DESC NULLS LAST, "id" DESC);
CREATE INDEX "training_run_test_accuracy_id_idx" ON "training_run"("test_accuracy" DESC NULLS LAST, "id" DESC);
