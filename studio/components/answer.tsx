/** What stands on the page while an answer is fetched, and when there is none. */
import type { UseQueryResult } from '@tanstack/react-query'
import { type SubmitEvent, type ReactNode, useState } from 'react'
import { RequestError } from '../../client/errors.js'
import { useApi } from '../api/api.js'
import { Button, Notice } from './controls.js'
import { Field } from './field.js'

export function Answer<Result>({
  query,
  children,
}: {
  query: Pick<UseQueryResult<Result>, 'data' | 'error' | 'refetch'>
  children: (result: Result) => ReactNode
}) {
  if (query.data !== undefined) return children(query.data)
  if (query.error !== null) return <Failure error={query.error} onRetry={() => void query.refetch()} />
  return (
    <p className="soft" aria-busy="true">
      Asking the server …
    </p>
  )
}

export function Failure({ error, onRetry }: { error: Error; onRetry?: () => void }) {
  if (error instanceof RequestError && error.code === 'UNAUTHENTICATED') return <SignIn />
  return (
    <Notice tone="bad">
      <p>{error.message}</p>
      {onRetry !== undefined && <Button onClick={onRetry}>Try again</Button>}
    </Notice>
  )
}

function SignIn() {
  const { signIn, token } = useApi()
  const [given, setGiven] = useState('')
  const submit = (event: SubmitEvent): void => {
    event.preventDefault()
    signIn(given.trim())
  }
  return (
    <form className="card stack" onSubmit={submit} aria-label="Sign in">
      <h2>This server asks for a token</h2>
      <Field
        label="Token"
        hint="Whoever runs the server hands it out. It is kept until you close this tab."
        issue={token === null ? undefined : 'The server does not know this token.'}
      >
        {(input) => (
          <input
            {...input}
            className="input"
            type="password"
            autoComplete="off"
            value={given}
            onChange={(event) => setGiven(event.target.value)}
          />
        )}
      </Field>
      <div>
        <Button type="submit" kind="main" disabled={given.trim() === ''}>
          Use this token
        </Button>
      </div>
    </form>
  )
}
