-- CreateTable
CREATE TABLE "prediction_features" (
    "prediction_id" UUID NOT NULL,
    "features" BYTEA NOT NULL,

    CONSTRAINT "prediction_features_pkey" PRIMARY KEY ("prediction_id")
);

-- AddForeignKey
ALTER TABLE "prediction_features" ADD CONSTRAINT "prediction_features_prediction_id_fkey" FOREIGN KEY ("prediction_id") REFERENCES "prediction"("id") ON DELETE CASCADE ON UPDATE CASCADE;
