/** The studio's composition root: client, cache and routes, put into the page. */
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { RequestError } from '../client/errors.js'
import { ApiProvider } from './api/api.js'
import { openSession } from './api/session.js'
import { createStudioRouter } from './routes.js'
import './styles/tokens.css'
import './styles/base.css'
import './styles/layout.css'

const MOST_TRIES = 3

/** What the server refuses would be refused again; a lost connection is tried again. */
function isWorthRetrying(failures: number, error: Error): boolean {
  return failures < MOST_TRIES && !(error instanceof RequestError && error.code !== 'UNAVAILABLE')
}

const queries = new QueryClient({
  defaultOptions: { queries: { retry: isWorthRetrying, staleTime: 5_000 } },
})
const router = createStudioRouter()
const place = document.getElementById('studio')
if (place === null) throw new Error('The page has no place for the studio.')

createRoot(place).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <ApiProvider session={openSession(globalThis.location.origin, globalThis.sessionStorage)}>
        <RouterProvider router={router} />
      </ApiProvider>
    </QueryClientProvider>
  </StrictMode>,
)
