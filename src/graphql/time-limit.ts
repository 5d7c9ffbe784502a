/** Nobody waits for ever: an answer that takes too long is given up, though what it began may still happen. */
import type { ExecutionResult, GraphQLError } from 'graphql'
import { codedError } from './errors.js'

const RETRY_AFTER_SECONDS = 5

export async function withinTime(
  seconds: number,
  result: ExecutionResult | Promise<ExecutionResult>,
): Promise<ExecutionResult> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<ExecutionResult>((resolve) => {
    timer = setTimeout(() => resolve({ errors: [tooLate(seconds)] }), seconds * 1000)
  })
  try {
    return await Promise.race([result, late])
  } finally {
    clearTimeout(timer)
  }
}

function tooLate(seconds: number): GraphQLError {
  const message = `There was no answer within ${String(seconds)} seconds; what was asked for may still happen.`
  return codedError('UNAVAILABLE', message, { retryAfterSeconds: RETRY_AFTER_SECONDS })
}
