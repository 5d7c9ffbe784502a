-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateEnum
CREATE TYPE "JobState" AS ENUM ('QUEUED', 'RUNNING', 'SUCCEEDED', 'FAILED', 'CANCELLED');

-- CreateEnum
CREATE TYPE "SplitName" AS ENUM ('TRAIN', 'VALIDATION', 'TEST');

-- CreateEnum
CREATE TYPE "TrainingRunStatus" AS ENUM ('QUEUED', 'PREPARING', 'RUNNING', 'EVALUATING', 'SUCCEEDED', 'FAILED', 'CANCELLED');

-- CreateTable
CREATE TABLE "dataset" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "dataset_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "image" (
    "id" UUID NOT NULL,
    "dataset_id" UUID NOT NULL,
    "label" TEXT NOT NULL,
    "file_name" TEXT NOT NULL,
    "folder" "SplitName",
    "sha256" TEXT NOT NULL,
    "format" TEXT NOT NULL,
    "width" INTEGER NOT NULL,
    "height" INTEGER NOT NULL,
    "byte_size" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "image_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "image_import" (
    "id" UUID NOT NULL,
    "dataset_id" UUID NOT NULL,
    "state" "JobState" NOT NULL DEFAULT 'QUEUED',
    "directory" TEXT NOT NULL,
    "processed" INTEGER NOT NULL DEFAULT 0,
    "total" INTEGER,
    "added" INTEGER NOT NULL DEFAULT 0,
    "duplicates" INTEGER NOT NULL DEFAULT 0,
    "rejected_count" INTEGER NOT NULL DEFAULT 0,
    "error" TEXT,
    "lease" INTEGER NOT NULL DEFAULT 0,
    "cancel_requested_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "started_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "image_import_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "rejected_file" (
    "import_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "file_name" TEXT NOT NULL,
    "reason" TEXT NOT NULL,

    CONSTRAINT "rejected_file_pkey" PRIMARY KEY ("import_id","position")
);

-- CreateTable
CREATE TABLE "dataset_version" (
    "id" UUID NOT NULL,
    "dataset_id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "digest" TEXT NOT NULL,
    "class_names" TEXT[],
    "counts" JSONB NOT NULL,
    "seed" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "dataset_version_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "dataset_version_image" (
    "version_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "image_id" UUID NOT NULL,
    "class_index" INTEGER NOT NULL,
    "split" "SplitName" NOT NULL,

    CONSTRAINT "dataset_version_image_pkey" PRIMARY KEY ("version_id","position")
);

-- CreateTable
CREATE TABLE "trunk" (
    "sha256" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "pretrained" BOOLEAN NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "trunk_pkey" PRIMARY KEY ("sha256")
);

-- CreateTable
CREATE TABLE "training_run" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "dataset_version_id" UUID NOT NULL,
    "from_checkpoint_id" UUID,
    "trunk_sha256" TEXT,
    "hyperparameters" JSONB NOT NULL,
    "status" "TrainingRunStatus" NOT NULL DEFAULT 'QUEUED',
    "failure" JSONB,
    "engine" JSONB,
    "attempts" INTEGER NOT NULL DEFAULT 1,
    "lease" INTEGER NOT NULL DEFAULT 0,
    "trainer_id" UUID,
    "renewed_at" TIMESTAMPTZ(3),
    "cancel_requested_at" TIMESTAMPTZ(3),
    "resume_sha256" TEXT,
    "progress" JSONB,
    "latest_epoch_number" INTEGER,
    "best_epoch_number" INTEGER,
    "best_validation_loss" DOUBLE PRECISION,
    "best_validation_accuracy" DOUBLE PRECISION,
    "test_accuracy" DOUBLE PRECISION,
    "evaluation_id" UUID,
    "idempotency_scope" TEXT,
    "idempotency_key" TEXT,
    "idempotency_digest" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "started_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "training_run_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "epoch" (
    "id" UUID NOT NULL,
    "training_run_id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "train_loss" DOUBLE PRECISION NOT NULL,
    "train_accuracy" DOUBLE PRECISION NOT NULL,
    "validation_loss" DOUBLE PRECISION NOT NULL,
    "validation_accuracy" DOUBLE PRECISION NOT NULL,
    "learning_rate" DOUBLE PRECISION NOT NULL,
    "per_class" JSONB NOT NULL,
    "macro_f1" DOUBLE PRECISION NOT NULL,
    "seconds" DOUBLE PRECISION NOT NULL,
    "images_per_second" DOUBLE PRECISION NOT NULL,
    "finished_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "epoch_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "checkpoint" (
    "id" UUID NOT NULL,
    "training_run_id" UUID NOT NULL,
    "epoch" INTEGER NOT NULL,
    "validation_loss" DOUBLE PRECISION NOT NULL,
    "validation_accuracy" DOUBLE PRECISION NOT NULL,
    "sha256" TEXT NOT NULL,
    "byte_size" BIGINT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "checkpoint_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "evaluation" (
    "id" UUID NOT NULL,
    "checkpoint_id" UUID NOT NULL,
    "dataset_version_id" UUID NOT NULL,
    "split" "SplitName" NOT NULL,
    "state" "JobState" NOT NULL DEFAULT 'QUEUED',
    "lease" INTEGER NOT NULL DEFAULT 0,
    "loss" DOUBLE PRECISION,
    "confusion_matrix" JSONB,
    "error" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "evaluation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "outcome" (
    "evaluation_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "image_id" UUID NOT NULL,
    "actual" INTEGER NOT NULL,
    "predicted" INTEGER NOT NULL,
    "probabilities" DOUBLE PRECISION[],
    "loss" DOUBLE PRECISION NOT NULL,

    CONSTRAINT "outcome_pkey" PRIMARY KEY ("evaluation_id","position")
);

-- CreateTable
CREATE TABLE "prediction" (
    "id" UUID NOT NULL,
    "checkpoint_id" UUID,
    "alias" TEXT,
    "label" TEXT NOT NULL,
    "confidence" DOUBLE PRECISION NOT NULL,
    "scores" JSONB NOT NULL,
    "image_sha256" TEXT NOT NULL,
    "image_id" UUID,
    "correct_label" TEXT,
    "latency_ms" DOUBLE PRECISION NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "prediction_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "alias" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "checkpoint_id" UUID NOT NULL,
    "assigned_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "alias_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "alias_assignment" (
    "id" UUID NOT NULL,
    "alias_id" UUID NOT NULL,
    "checkpoint_id" UUID,
    "assigned_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "alias_assignment_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "trainer" (
    "id" UUID NOT NULL,
    "engine" JSONB,
    "trunk_sha256" TEXT,
    "current_run_id" UUID,
    "started_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "trainer_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "feature_shard" (
    "sha256" TEXT NOT NULL,
    "feature_key" TEXT NOT NULL,
    "trunk_sha256" TEXT NOT NULL,
    "image_count" INTEGER NOT NULL,
    "byte_size" BIGINT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "used_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "feature_shard_pkey" PRIMARY KEY ("sha256")
);

-- CreateIndex
CREATE UNIQUE INDEX "dataset_name_key" ON "dataset"("name");

-- CreateIndex
CREATE INDEX "dataset_created_at_id_idx" ON "dataset"("created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "image_dataset_id_created_at_id_idx" ON "image"("dataset_id", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "image_dataset_id_label_created_at_id_idx" ON "image"("dataset_id", "label", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "image_sha256_idx" ON "image"("sha256");

-- CreateIndex
CREATE UNIQUE INDEX "image_dataset_id_sha256_key" ON "image"("dataset_id", "sha256");

-- CreateIndex
CREATE INDEX "image_import_dataset_id_created_at_id_idx" ON "image_import"("dataset_id", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "image_import_state_idx" ON "image_import"("state");

-- CreateIndex
CREATE INDEX "dataset_version_dataset_id_created_at_id_idx" ON "dataset_version"("dataset_id", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "dataset_version_digest_idx" ON "dataset_version"("digest");

-- CreateIndex
CREATE UNIQUE INDEX "dataset_version_dataset_id_number_key" ON "dataset_version"("dataset_id", "number");

-- CreateIndex
CREATE INDEX "dataset_version_image_version_id_split_class_index_position_idx" ON "dataset_version_image"("version_id", "split", "class_index", "position");

-- CreateIndex
CREATE INDEX "dataset_version_image_image_id_idx" ON "dataset_version_image"("image_id");

-- CreateIndex
CREATE UNIQUE INDEX "training_run_evaluation_id_key" ON "training_run"("evaluation_id");

-- CreateIndex
CREATE INDEX "training_run_created_at_id_idx" ON "training_run"("created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "training_run_dataset_version_id_created_at_id_idx" ON "training_run"("dataset_version_id", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "training_run_status_created_at_idx" ON "training_run"("status", "created_at");

-- CreateIndex
CREATE INDEX "training_run_best_validation_accuracy_id_idx" ON "training_run"("best_validation_accuracy", "id");

-- CreateIndex
CREATE INDEX "training_run_test_accuracy_id_idx" ON "training_run"("test_accuracy", "id");

-- CreateIndex
CREATE INDEX "training_run_from_checkpoint_id_idx" ON "training_run"("from_checkpoint_id");

-- CreateIndex
CREATE UNIQUE INDEX "training_run_idempotency_scope_idempotency_key_key" ON "training_run"("idempotency_scope", "idempotency_key");

-- CreateIndex
CREATE UNIQUE INDEX "epoch_training_run_id_number_key" ON "epoch"("training_run_id", "number");

-- CreateIndex
CREATE INDEX "checkpoint_training_run_id_created_at_id_idx" ON "checkpoint"("training_run_id", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "checkpoint_training_run_id_epoch_key" ON "checkpoint"("training_run_id", "epoch");

-- CreateIndex
CREATE INDEX "evaluation_checkpoint_id_created_at_id_idx" ON "evaluation"("checkpoint_id", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "evaluation_dataset_version_id_idx" ON "evaluation"("dataset_version_id");

-- CreateIndex
CREATE INDEX "outcome_evaluation_id_loss_position_idx" ON "outcome"("evaluation_id", "loss", "position");

-- CreateIndex
CREATE INDEX "outcome_evaluation_id_actual_predicted_loss_position_idx" ON "outcome"("evaluation_id", "actual", "predicted", "loss", "position");

-- CreateIndex
CREATE INDEX "outcome_image_id_idx" ON "outcome"("image_id");

-- CreateIndex
CREATE INDEX "prediction_created_at_id_idx" ON "prediction"("created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "prediction_checkpoint_id_created_at_id_idx" ON "prediction"("checkpoint_id", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "prediction_alias_created_at_id_idx" ON "prediction"("alias", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "prediction_image_id_idx" ON "prediction"("image_id");

-- CreateIndex
CREATE UNIQUE INDEX "alias_name_key" ON "alias"("name");

-- CreateIndex
CREATE INDEX "alias_checkpoint_id_idx" ON "alias"("checkpoint_id");

-- CreateIndex
CREATE INDEX "alias_assignment_alias_id_assigned_at_id_idx" ON "alias_assignment"("alias_id", "assigned_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "alias_assignment_checkpoint_id_idx" ON "alias_assignment"("checkpoint_id");

-- CreateIndex
CREATE INDEX "trainer_last_seen_at_idx" ON "trainer"("last_seen_at");

-- CreateIndex
CREATE INDEX "feature_shard_feature_key_idx" ON "feature_shard"("feature_key");

-- CreateIndex
CREATE INDEX "feature_shard_used_at_idx" ON "feature_shard"("used_at");

-- AddForeignKey
ALTER TABLE "image" ADD CONSTRAINT "image_dataset_id_fkey" FOREIGN KEY ("dataset_id") REFERENCES "dataset"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "image_import" ADD CONSTRAINT "image_import_dataset_id_fkey" FOREIGN KEY ("dataset_id") REFERENCES "dataset"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "rejected_file" ADD CONSTRAINT "rejected_file_import_id_fkey" FOREIGN KEY ("import_id") REFERENCES "image_import"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "dataset_version" ADD CONSTRAINT "dataset_version_dataset_id_fkey" FOREIGN KEY ("dataset_id") REFERENCES "dataset"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "dataset_version_image" ADD CONSTRAINT "dataset_version_image_version_id_fkey" FOREIGN KEY ("version_id") REFERENCES "dataset_version"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "dataset_version_image" ADD CONSTRAINT "dataset_version_image_image_id_fkey" FOREIGN KEY ("image_id") REFERENCES "image"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "training_run" ADD CONSTRAINT "training_run_dataset_version_id_fkey" FOREIGN KEY ("dataset_version_id") REFERENCES "dataset_version"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "training_run" ADD CONSTRAINT "training_run_from_checkpoint_id_fkey" FOREIGN KEY ("from_checkpoint_id") REFERENCES "checkpoint"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "training_run" ADD CONSTRAINT "training_run_trunk_sha256_fkey" FOREIGN KEY ("trunk_sha256") REFERENCES "trunk"("sha256") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "training_run" ADD CONSTRAINT "training_run_evaluation_id_fkey" FOREIGN KEY ("evaluation_id") REFERENCES "evaluation"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "epoch" ADD CONSTRAINT "epoch_training_run_id_fkey" FOREIGN KEY ("training_run_id") REFERENCES "training_run"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "checkpoint" ADD CONSTRAINT "checkpoint_training_run_id_fkey" FOREIGN KEY ("training_run_id") REFERENCES "training_run"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "evaluation" ADD CONSTRAINT "evaluation_checkpoint_id_fkey" FOREIGN KEY ("checkpoint_id") REFERENCES "checkpoint"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "evaluation" ADD CONSTRAINT "evaluation_dataset_version_id_fkey" FOREIGN KEY ("dataset_version_id") REFERENCES "dataset_version"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "outcome" ADD CONSTRAINT "outcome_evaluation_id_fkey" FOREIGN KEY ("evaluation_id") REFERENCES "evaluation"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "outcome" ADD CONSTRAINT "outcome_image_id_fkey" FOREIGN KEY ("image_id") REFERENCES "image"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "prediction" ADD CONSTRAINT "prediction_checkpoint_id_fkey" FOREIGN KEY ("checkpoint_id") REFERENCES "checkpoint"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "prediction" ADD CONSTRAINT "prediction_image_id_fkey" FOREIGN KEY ("image_id") REFERENCES "image"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "alias" ADD CONSTRAINT "alias_checkpoint_id_fkey" FOREIGN KEY ("checkpoint_id") REFERENCES "checkpoint"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "alias_assignment" ADD CONSTRAINT "alias_assignment_alias_id_fkey" FOREIGN KEY ("alias_id") REFERENCES "alias"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "alias_assignment" ADD CONSTRAINT "alias_assignment_checkpoint_id_fkey" FOREIGN KEY ("checkpoint_id") REFERENCES "checkpoint"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "trainer" ADD CONSTRAINT "trainer_trunk_sha256_fkey" FOREIGN KEY ("trunk_sha256") REFERENCES "trunk"("sha256") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "feature_shard" ADD CONSTRAINT "feature_shard_trunk_sha256_fkey" FOREIGN KEY ("trunk_sha256") REFERENCES "trunk"("sha256") ON DELETE RESTRICT ON UPDATE CASCADE;
