/** Serves heat maps, drawn when they are asked for. */
import type { FastifyInstance } from 'fastify'
import { GraphQLError } from 'graphql'
import { isRefusal } from '../../domain/refusals.js'
import { withStatus } from '../../graphql/http.errors.js'
import { isUuid } from '../../graphql/ids.js'
import { sendMissing } from '../../graphql/missing.reply.js'
import { PICTURE_KINDS } from '../known-pictures.js'
import type { ExplanationLinks, HeatMapSubject } from './explanation.links.js'
import type { ExplanationService } from './explanation.service.js'

export interface ExplanationRoute {
  readonly service: ExplanationService
  readonly links: ExplanationLinks
  /** Rejects where the request's own token does not allow reading. */
  readonly authorise: (authorization: string | undefined) => Promise<void>
}

interface Request {
  Params: { kind: string; id: string; checkpointId: string; file: string }
  Querystring: { signature?: string }
}

const FILE = /^(0|[1-9]\d{0,5})\.png$/
/** Neither the bytes behind an id nor a checkpoint ever change. */
const FOR_EVER = 'private, max-age=31536000, immutable'

export function serveExplanations(app: FastifyInstance, { service, links, authorise }: ExplanationRoute): void {
  app.get<Request>('/explanations/:kind/:id/:checkpointId/:file', async (request, reply) => {
    const subject = subjectOf(request.params)
    if (subject === null) return sendMissing(reply, 'There is no such explanation.')
    if (!links.isSigned(subject, request.query.signature)) await authorise(request.headers.authorization)
    const drawn = await service.draw(subject).catch((error: unknown) => {
      throw error instanceof GraphQLError ? withStatus(error, 429) : error
    })
    if (isRefusal(drawn)) return sendMissing(reply, drawn.message)
    return reply
      .type('image/png')
      .headers({ 'cache-control': FOR_EVER, 'x-content-type-options': 'nosniff' })
      .send(drawn)
  })
}

function subjectOf({ kind, id, checkpointId, file }: Request['Params']): HeatMapSubject | null {
  const known = PICTURE_KINDS.find((each) => each === kind)
  const index = FILE.exec(file)?.[1]
  if (known === undefined || index === undefined || !isUuid(id) || !isUuid(checkpointId)) return null
  return { owner: { kind: known, id }, checkpointId, classIndex: Number(index) }
}
