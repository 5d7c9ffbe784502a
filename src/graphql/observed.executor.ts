/** The executor with somebody who counts: how long answers took, how they ended, and which subscriptions are open. */
import { getOperationAST, OperationTypeNode, type ExecutionResult } from 'graphql'
import { rootFields } from './authorise.js'
import { isStream, type Answer, type Executor, type GraphRequest } from './execute.js'
import type { OpenSubscription, OperationObserver, Outcome } from './operation.observer.js'

type Stream = AsyncIterableIterator<ExecutionResult>

export function observeExecutor(executor: Executor, observer: OperationObserver): Executor {
  const timed = async <Answered extends Answer>(
    request: GraphRequest,
    answer: () => Promise<Answered>,
  ): Promise<Answered> => {
    const startedAt = performance.now()
    const answered = await answer()
    const type = operationOf(request)?.operation ?? 'unknown'
    observer.answered({ type, outcome: outcomeOf(answered), seconds: (performance.now() - startedAt) / 1000 })
    return answered
  }
  return {
    ...executor,
    execute: (request) => timed(request, () => executor.execute(request)),
    answer: async (request) => {
      const answer = await timed(request, () => executor.answer(request))
      const isSubscription = operationOf(request)?.operation === OperationTypeNode.SUBSCRIPTION
      return isSubscription && isStream(answer) ? counted(answer, observer.subscribed(fieldOf(request))) : answer
    },
  }
}

function operationOf({ document, operationName }: GraphRequest) {
  return getOperationAST(document, operationName)
}

function outcomeOf(answer: Answer): Outcome {
  if (isStream(answer)) return 'OK'
  const [error] = answer.errors ?? []
  return error === undefined ? 'OK' : (error.extensions['code'] as Outcome)
}

/** A subscription that began was validated: it has one field, of the schema. */
function fieldOf(request: GraphRequest): string {
  const operation = operationOf(request)
  const [field] = operation ? rootFields(request.document, operation.selectionSet) : []
  return field?.name.value ?? ''
}

function counted(stream: Stream, subscription: OpenSubscription): Stream {
  let open = true
  const end = (): void => {
    if (open) subscription.ended()
    open = false
  }
  return {
    async next() {
      try {
        const result = await stream.next()
        if (result.done === true) end()
        else subscription.sent()
        return result
      } catch (error) {
        end()
        throw error
      }
    },
    async return() {
      end()
      return (await stream.return?.()) ?? { value: undefined, done: true }
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}
