/** Compares a checkpoint with what is required of it, by the evaluations on TEST that are there. */
import type { Transaction } from '../database/database.js'
import type { RefusalOf, Shortfall } from '../domain/refusals.js'
import { readReport } from '../evaluation/stored-report.js'
import type { Judge } from './alias.repository.js'
import { shortfalls, type AliasRequirement, type TestFigures } from './alias.requirement.js'

export function judgeBy(requirement: AliasRequirement, checkpointId: string): Judge<RefusalOf<'RequirementNotMet'>> {
  return async (tx, holderId) => {
    const [mine, theirs] = await Promise.all([testFigures(tx, checkpointId), testFigures(tx, holderId)])
    const [versionId] = [...mine.keys()].filter((id) => theirs.has(id))
    const candidate = mine.get(versionId ?? '')
    const holder = theirs.get(versionId ?? '')
    const missing = shortfalls(requirement, {
      own: [...mine.values()][0] ?? null,
      both: candidate === undefined || holder === undefined ? null : { candidate, holder },
      hasHolder: holderId !== null,
    })
    return missing.length === 0 ? null : notMet(missing)
  }
}

/** By the version's id, the newest evaluation first and only the newest of each version. */
async function testFigures(tx: Transaction, checkpointId: string | null): Promise<Map<string, TestFigures>> {
  if (checkpointId === null) return new Map()
  const rows = await tx.evaluation.findMany({
    where: { checkpointId, split: 'TEST', state: 'SUCCEEDED' },
    include: { datasetVersion: { select: { classNames: true } } },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
  })
  const figures = new Map<string, TestFigures>()
  for (const { datasetVersionId, confusionMatrix, datasetVersion } of rows) {
    const report = readReport(confusionMatrix, datasetVersion.classNames)
    if (report === null || figures.has(datasetVersionId)) continue
    figures.set(datasetVersionId, { TEST_ACCURACY: report.accuracy, MACRO_F1: report.macroAvg.f1Score })
  }
  return figures
}

const NAMES = { TEST_ACCURACY: 'accuracy on TEST', MACRO_F1: 'macro F1 on TEST' }

function notMet(missing: Shortfall[]): RefusalOf<'RequirementNotMet'> {
  const message = missing.map(sentence).join(' ')
  return { refusal: 'RequirementNotMet', message, shortfalls: missing }
}

function sentence({ figure, required, found, missingBy }: Shortfall): string {
  if (required === null)
    return `Its ${NAMES[figure]} cannot be compared: evaluate it and the present checkpoint on one version's TEST.`
  if (found === null || missingBy === null) return `It has no ${NAMES[figure]}: evaluate it on a version's TEST first.`
  return `Its ${NAMES[figure]} is ${digits(found)}, ${digits(missingBy)} below the ${digits(required)} required.`
}

function digits(figure: number): string {
  return String(Number(figure.toFixed(6)))
}
