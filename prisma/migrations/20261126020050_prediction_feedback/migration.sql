-- CreateIndex
CREATE INDEX "prediction_alias_correct_label_idx" ON "prediction"("alias", "correct_label");
