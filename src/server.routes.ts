/** The server's addresses beside GraphQL and pictures. */
import type { FastifyInstance } from 'fastify'
import type { PrismaClient } from './database/generated/client.js'

const READY_WITHIN_MS = 2_000

export function serveHealth(app: FastifyInstance, prisma: PrismaClient): void {
  app.get('/health/live', () => ({ status: 'live' }))
  app.get('/health/ready', async (_request, reply) => {
    const answers = await databaseAnswers(prisma)
    return reply.code(answers ? 200 : 503).send({ status: answers ? 'ready' : 'the database does not answer' })
  })
}

async function databaseAnswers(prisma: PrismaClient): Promise<boolean> {
  const answer = prisma.$queryRaw`SELECT 1`.then(
    () => true,
    () => false,
  )
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), READY_WITHIN_MS)
  })
  const answers = await Promise.race([answer, late])
  clearTimeout(timer)
  return answers
}
