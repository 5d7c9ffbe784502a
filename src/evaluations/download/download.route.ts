/** Serves an evaluation's figures and outcomes as files. */
import { Readable } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import { isUuid } from '../../graphql/ids.js'
import { sendMissing } from '../../graphql/missing.reply.js'
import type { ScoreReportService } from '../score-report.service.js'
import { readReport } from '../../evaluation/stored-report.js'
import { downloadOf, fileOf, type Download, type DownloadLinks } from './download.links.js'
import type { DownloadRepository, DownloadSubject } from './download.repository.js'
import { outcomesAsCsv, outcomesAsJson } from './outcome.download.js'
import { reportAsCsv, reportAsJson } from './report.download.js'

export interface DownloadRoute {
  readonly downloads: DownloadRepository
  readonly scoreReports: ScoreReportService
  readonly links: DownloadLinks
  /** Throws where the request's own token does not allow reading. */
  readonly authorise: (authorization: string | undefined) => Promise<void>
}

interface Request {
  Params: { id: string; file: string }
  Querystring: { signature?: string }
}

const MEDIA_TYPES = { CSV: 'text/csv; charset=utf-8', JSON: 'application/json; charset=utf-8' }
const MISSING = 'There is no such file of an evaluation that has succeeded.'

export function serveDownloads(app: FastifyInstance, route: DownloadRoute): void {
  app.get<Request>('/evaluations/:id/:file', async (request, reply) => {
    const { id, file } = request.params
    const download = downloadOf(file)
    if (download === undefined || !isUuid(id)) return sendMissing(reply, MISSING)
    if (!route.links.isSigned(id, download, request.query.signature))
      await route.authorise(request.headers.authorization)
    const subject = await route.downloads.find(id)
    if (subject?.evaluation.state !== 'SUCCEEDED') return sendMissing(reply, MISSING)
    void reply
      .type(MEDIA_TYPES[download.format])
      .header('cache-control', 'private, no-cache')
      .header('content-disposition', `attachment; filename="${id}-${fileOf(download)}"`)
    return reply.send(
      download.content === 'REPORT' ? await report(route, subject, download) : outcomes(route, subject, download),
    )
  })
}

async function report(
  { scoreReports }: DownloadRoute,
  subject: DownloadSubject,
  { format }: Download,
): Promise<string> {
  const { evaluation, scoredBy } = subject
  const report = readReport(evaluation.confusionMatrix, scoredBy.classNames)
  const scoreReport = await scoreReports.of(evaluation, scoredBy.classNames)
  if (report === null || scoreReport === null) throw new Error(`The evaluation ${evaluation.id} has no figures`)
  return (format === 'CSV' ? reportAsCsv : reportAsJson)({ report, scoreReport })
}

function outcomes(
  { downloads }: DownloadRoute,
  { evaluation, scoredBy }: DownloadSubject,
  { format }: Download,
): Readable {
  const pages = downloads.outcomes(evaluation.id)
  return Readable.from((format === 'CSV' ? outcomesAsCsv : outcomesAsJson)(pages, scoredBy))
}
