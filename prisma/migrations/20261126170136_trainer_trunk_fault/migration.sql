-- AlterTable
ALTER TABLE "trainer" ADD COLUMN     "trunk_fault" TEXT;
