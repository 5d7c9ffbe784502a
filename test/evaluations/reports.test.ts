import { z } from 'zod'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { scoreReport } from '../../src/evaluation/score-report.js'
import { seedVersion, type SeededVersion } from '../runs/rows.js'
import { createTestServer, type TestServer } from '../server/server.js'
import { seedEvaluated } from './evaluated.js'

const SECRET = 'reader-secret-0123456789'
/** Likelihoods that a double holds exactly, as does 1 less each. */
const CATS = [0.9375, 0.75, 0.3125, 0.125, 0.625, 0.25]
const AS_READER = { authorization: `Bearer ${SECRET}` }
let server: TestServer
let version: SeededVersion
let evaluationId: string

beforeAll(async () => {
  server = await createTestServer({
    GRAFT_TOKENS: `reader:read:${SECRET},phone:classify:classify-secret-0123456789`,
  })
  version = await seedVersion(server.database.prisma, 'animals')
  evaluationId = (await seed(CATS, 2)).evaluationId
})

afterAll(() => server.close())

const seed = (cats: readonly number[], temperature?: number) =>
  seedEvaluated({ prisma: server.database.prisma, version }, cats, temperature === undefined ? {} : { temperature })

async function askOf<Fields>(id: string, fields: string): Promise<Fields> {
  const { data, errors } = await server.ask<{ node: Fields }>(
    `query($id: ID!) { node(id: $id) { ... on Evaluation { ${fields} } } }`,
    { id },
    AS_READER,
  )
  if (!data) throw new Error(JSON.stringify(errors))
  return data.node
}

const BINS = 'from to count right meanConfidence accuracy'
const SCORE_REPORT = `scoreReport {
  logLoss expectedCalibrationError calibrationCurve { ${BINS} } confidenceHistogram { ${BINS} }
  macroRocAuc macroAveragePrecision undefinedFigures { figure reason }
  perClass {
    label rocAuc averagePrecision undefinedBecause
    roc { falsePositiveRate truePositiveRate threshold } precisionRecall { recall precision threshold }
  }
  calibrated { temperature logLoss expectedCalibrationError calibrationCurve { ${BINS} } }
}`

describe('a score report', () => {
  it('is what its outcomes give, and is kept once it was computed', async () => {
    const pictures = {
      actual: Int32Array.of(0, 0, 0, 1, 1, 1),
      predicted: Int32Array.from(CATS, (cat) => (cat >= 0.5 ? 0 : 1)),
      probabilities: Float64Array.from(CATS.flatMap((cat) => [cat, 1 - cat])),
      classCount: 2,
    }
    const expected = await scoreReport(pictures, { classNames: ['cat', 'dog'], temperature: 2 })
    const { prisma } = server.database
    expect(await prisma.scoreReport.count()).toBe(0)
    const asked = await Promise.all([1, 2].map(() => askOf(evaluationId, SCORE_REPORT)))
    expect(asked).toEqual([{ scoreReport: expected }, { scoreReport: expected }])
    expect(await prisma.scoreReport.count()).toBe(1)
    // What is there is not computed again.
    await prisma.scoreReport.updateMany({ data: { report: z.json().parse({ ...expected, logLoss: 123 }) as object } })
    expect(await askOf(evaluationId, 'scoreReport { logLoss }')).toEqual({ scoreReport: { logLoss: 123 } })
    // What another version kept is.
    await prisma.scoreReport.updateMany({ data: { report: { other: 'shape' } } })
    expect(await askOf(evaluationId, SCORE_REPORT)).toEqual({ scoreReport: expected })
  })

  it('is null until the evaluation has succeeded', async () => {
    const { prisma } = server.database
    const { checkpointId } = await seed([1])
    const { id } = await prisma.evaluation.create({
      data: { checkpointId, datasetVersionId: version.versionId, split: 'TEST' },
    })
    const { data } = await server.ask(
      `query($id: ID!) { node(id: $id) { ... on Checkpoint { evaluations(first: 1) { nodes {
        state scoreReport { logLoss } downloadUrl } } } } }`,
      { id: Buffer.from(`Checkpoint:${checkpointId}`).toString('base64url') },
      AS_READER,
    )
    expect(id).toBeTruthy()
    expect(data).toEqual({
      node: { evaluations: { nodes: [{ state: 'QUEUED', scoreReport: null, downloadUrl: null }] } },
    })
  })

  it('says why what has no value has none', async () => {
    const { evaluationId: oneClass } = await seed([0.9, 0.6, 0.7])
    expect(
      await askOf(
        oneClass,
        `report { balancedAccuracy cohenKappa matthewsCorrelation undefinedFigures { figure reason } }
         scoreReport { macroRocAuc perClass { rocAuc undefinedBecause } calibrated { logLoss } undefinedFigures { figure } }`,
      ),
    ).toMatchObject({
      report: {
        ...{ balancedAccuracy: null, cohenKappa: null, matthewsCorrelation: 0 },
        undefinedFigures: [{ figure: 'balancedAccuracy' }, { figure: 'cohenKappa' }],
      },
      scoreReport: {
        ...{ macroRocAuc: null, calibrated: null },
        perClass: [
          { rocAuc: null, undefinedBecause: expect.stringContaining('All pictures are of this class') as string },
          { rocAuc: null, undefinedBecause: expect.stringContaining('no pictures of this class') as string },
        ],
        undefinedFigures: [{ figure: 'macroRocAuc' }, { figure: 'macroAveragePrecision' }],
      },
    })
  })
})

describe('the report', () => {
  it('has the agreement beyond chance and the most confused pairs', async () => {
    expect(
      await askOf(
        evaluationId,
        `report { balancedAccuracy cohenKappa matthewsCorrelation undefinedFigures { figure }
          confusedPairs(first: 1) { actual predicted count share } }`,
      ),
    ).toEqual({
      report: {
        balancedAccuracy: expect.closeTo(2 / 3, 12) as number,
        cohenKappa: expect.closeTo(1 / 3, 12) as number,
        matthewsCorrelation: expect.closeTo(1 / 3, 12) as number,
        undefinedFigures: [],
        confusedPairs: [{ actual: 'cat', predicted: 'dog', count: 1, share: 1 / 3 }],
      },
    })
  })
})

describe('calibrated probabilities', () => {
  it('come with every outcome of a checkpoint that has a temperature', async () => {
    interface Found {
      outcomes: { nodes: { id: string; scores: object[] }[] }
    }
    const { outcomes } = await askOf<Found>(
      evaluationId,
      'outcomes(first: 1, orderBy: LOSS_ASC) { nodes { id scores { label probability calibratedProbability } } }',
    )
    const [cat, dog] = [Math.sqrt(0.9375), Math.sqrt(0.0625)]
    const scores = [
      { probability: 0.9375, calibratedProbability: expect.closeTo(cat / (dog + cat), 12) as number },
      { probability: 0.0625, calibratedProbability: expect.closeTo(dog / (dog + cat), 12) as number },
    ]
    expect(outcomes.nodes[0]?.scores).toMatchObject(scores)
    const { data } = await server.ask(
      'query($id: ID!) { node(id: $id) { ... on Outcome { scores { probability calibratedProbability } } } }',
      { id: outcomes.nodes[0]?.id },
      AS_READER,
    )
    expect(data).toMatchObject({ node: { scores } })
  })
})

describe('downloads', () => {
  async function download(content: string, format: string, id = evaluationId): Promise<Response> {
    const { downloadUrl } = await askOf<{ downloadUrl: string }>(
      id,
      `downloadUrl(content: ${content}, format: ${format})`,
    )
    return fetch(downloadUrl)
  }

  it('hold the report, as a table and whole', async () => {
    const csv = await download('REPORT', 'CSV')
    expect(csv.headers.get('content-type')).toBe('text/csv; charset=utf-8')
    expect(csv.headers.get('content-disposition')).toMatch(/^attachment; filename=".*-report\.csv"$/)
    const rows = (await csv.text()).trimEnd().split('\n')
    expect(rows[0]).toBe('label,precision,recall,f1_score,support,roc_auc,average_precision')
    expect(rows.map((row) => row.split(',')[0]).slice(1)).toEqual([
      'cat',
      'dog',
      'micro avg',
      'macro avg',
      'weighted avg',
    ])
    const json = (await (await download('REPORT', 'JSON')).json()) as object
    const shown = await askOf<object>(evaluationId, `report { accuracy cohenKappa text } ${SCORE_REPORT}`)
    expect(json).toMatchObject(shown)
    expect(rows[1]).toBe(`cat,${[2 / 3, 2 / 3, 2 / 3, 3].join(',')},${areasOf(json).join(',')}`)
  })

  const areasOf = (json: object): number[] => {
    const [cat] = (json as { scoreReport: { perClass: { rocAuc: number; averagePrecision: number }[] } }).scoreReport
      .perClass
    return [cat?.rocAuc ?? NaN, cat?.averagePrecision ?? NaN]
  }

  it('hold every outcome, however many pages they take', async () => {
    const { prisma } = server.database
    const many = await seed(CATS)
    const local = many.evaluationId
    const id = Buffer.from(local, 'base64url').toString().split(':')[1] ?? ''
    const more = Array.from({ length: 1200 }, (_, i) => ({
      ...{ evaluationId: id, position: 10 + i, imageId: version.imageIds[0] ?? '', actual: 0, predicted: 1 },
      ...{ probabilities: [0.25, 0.75], loss: Math.log(4) },
    }))
    await prisma.outcome.createMany({ data: more })
    const lines = (await (await download('OUTCOMES', 'CSV', local)).text()).trimEnd().split('\n')
    expect(lines).toHaveLength(1 + 6 + 1200)
    expect(lines[0]).toBe('file_name,actual,predicted,loss,cat,dog')
    expect(lines.at(-1)).toMatch(/^cat\/.*\.png,cat,dog,1\.386\d+,0\.25,0\.75$/)
    const json = (await (await download('OUTCOMES', 'JSON', local)).json()) as object[]
    expect(json).toHaveLength(1206)
    expect(json[0]).toMatchObject({
      actual: 'cat',
      predicted: 'cat',
      scores: [{ label: 'cat', probability: 0.9375 }, {}],
    })
  })

  it('keep a spreadsheet from taking a label for a formula', async () => {
    const { prisma } = server.database
    const row = await prisma.datasetVersion.create({
      data: {
        ...{ datasetId: version.datasetId, number: 2, digest: 'd', seed: 0, counts: {} },
        classNames: ['=HYPERLINK("http://evil")', 'dog'],
      },
    })
    const { evaluationId: id } = await seed(CATS)
    await prisma.evaluation.update({
      where: { id: Buffer.from(id, 'base64url').toString().split(':')[1] ?? '' },
      data: { datasetVersionId: row.id },
    })
    for (const content of ['REPORT', 'OUTCOMES']) {
      expect(await (await download(content, 'CSV', id)).text()).toContain(`"'=HYPERLINK(""http://evil"")"`)
    }
  })

  it('need a signature of their own or a token that may read', async () => {
    const { downloadUrl } = await askOf<{ downloadUrl: string }>(evaluationId, 'downloadUrl(content: OUTCOMES)')
    expect((await fetch(downloadUrl)).status).toBe(200)
    const elsewhere = downloadUrl.replace('outcomes.csv', 'outcomes.json')
    expect((await fetch(elsewhere)).status).toBe(401)
    const bare = downloadUrl.replace(/\?.*/, '')
    expect((await fetch(bare)).status).toBe(401)
    expect((await fetch(bare, { headers: { authorization: 'Bearer classify-secret-0123456789' } })).status).toBe(403)
    expect((await fetch(bare, { headers: AS_READER })).status).toBe(200)
  })

  it('are not there for what there is not', async () => {
    for (const path of ['nonsense/report.csv', `${version.versionId}/report.csv`, `${version.versionId}/other.csv`]) {
      expect((await fetch(`${server.url}/evaluations/${path}`, { headers: AS_READER })).status).toBe(404)
    }
  })
})
