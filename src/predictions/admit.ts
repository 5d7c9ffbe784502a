import { rateLimited } from '../graphql/errors.js'
import { OverloadedError, type Admission } from '../inference/admission.js'

/**
 * Runs work on so many pictures where there is room for it.
 * @throws RATE_LIMITED
 */
export async function admit<Result>(
  admission: Admission,
  pictures: number,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await admission.admit(pictures, work)
  } catch (error) {
    throw error instanceof OverloadedError ? rateLimited(error.message, error.retryAfterSeconds) : error
  }
}
