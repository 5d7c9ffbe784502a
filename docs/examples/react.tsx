// The history of runs, and the epochs of one as they are finished: React with urql.
//   npm install react react-dom urql graphql graphql-ws
// A page that another server serves needs its origin in GRAFT_ORIGINS, and a token of scope `read` where there are tokens.
import { createClient as createSocket } from 'graphql-ws'
import { useState } from 'react'
import { createRoot } from 'react-dom/client'
import {
  cacheExchange,
  Client,
  fetchExchange,
  gql,
  Provider,
  subscriptionExchange,
  useQuery,
  useSubscription,
} from 'urql'

const SERVER = 'http://127.0.0.1:4000/graphql'
const TOKEN: string | undefined = undefined
const credentials: Record<string, string> = TOKEN === undefined ? {} : { authorization: `Bearer ${TOKEN}` }

// It connects again by itself, with the same variables: epochs may come twice, and `withEpoch` takes each once.
const socket = createSocket({
  url: SERVER.replace('http', 'ws'),
  connectionParams: credentials,
  retryAttempts: Infinity,
})

const client = new Client({
  url: SERVER,
  preferGetMethod: false,
  fetchOptions: { headers: credentials },
  exchanges: [
    cacheExchange,
    fetchExchange,
    subscriptionExchange({
      forwardSubscription: ({ query = '', variables }) => ({
        subscribe: (sink) => ({ unsubscribe: socket.subscribe({ query, variables }, sink) }),
      }),
    }),
  ],
})

interface Run {
  id: string
  name: string
  status: string
  bestEpoch: { number: number; validationAccuracy: number } | null
}

interface HistoryPage {
  trainingRuns: { nodes: Run[]; pageInfo: { hasNextPage: boolean; endCursor: string | null } }
}

const HISTORY = gql<HistoryPage, { after: string | null }>`
  query History($after: String) {
    trainingRuns(first: 20, after: $after) {
      nodes {
        id
        name
        status
        bestEpoch {
          number
          validationAccuracy
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`

interface Epoch {
  number: number
  trainLoss: number
  validationLoss: number
  validationAccuracy: number
}

const EPOCHS = gql<{ epochCompleted: Epoch }, { run: string }>`
  subscription Epochs($run: ID!) {
    epochCompleted(trainingRunId: $run) {
      number
      trainLoss
      validationLoss
      validationAccuracy
    }
  }
`

function withEpoch(epochs: Epoch[] = [], { epochCompleted: next }: { epochCompleted: Epoch }): Epoch[] {
  return [...epochs.filter((epoch) => epoch.number !== next.number), next].sort((a, b) => a.number - b.number)
}

/** A page of the list, and those that follow it once they are asked for. */
function History({ after = null, onChoose }: { after?: string | null; onChoose: (run: string) => void }) {
  const [{ data, error }] = useQuery({ query: HISTORY, variables: { after } })
  const [more, setMore] = useState(false)
  if (error !== undefined) return <p role="alert">{error.message}</p>
  if (data === undefined) return <p>…</p>
  const { nodes, pageInfo } = data.trainingRuns
  return (
    <>
      {nodes.map((run) => (
        <button key={run.id} onClick={() => onChoose(run.id)}>
          {run.name}: {run.status}, {percent(run.bestEpoch?.validationAccuracy)}
        </button>
      ))}
      {more && <History after={pageInfo.endCursor} onChoose={onChoose} />}
      {!more && pageInfo.hasNextPage && <button onClick={() => setMore(true)}>older</button>}
    </>
  )
}

/** Every epoch so far and each new one, until the run ends. */
function Epochs({ run }: { run: string }) {
  const [{ data: epochs = [], error }] = useSubscription({ query: EPOCHS, variables: { run } }, withEpoch)
  return (
    <ol>
      {error !== undefined && <p role="alert">{error.message}</p>}
      {epochs.map(({ number, trainLoss, validationLoss, validationAccuracy }) => (
        <li key={number} value={number}>
          loss {trainLoss.toFixed(3)} / {validationLoss.toFixed(3)}, {percent(validationAccuracy)}
        </li>
      ))}
    </ol>
  )
}

function App() {
  const [run, setRun] = useState<string>()
  return (
    <Provider value={client}>
      <History onChoose={setRun} />
      {run !== undefined && <Epochs key={run} run={run} />}
    </Provider>
  )
}

function percent(share: number | undefined): string {
  return share === undefined ? '–' : `${(100 * share).toFixed(1)} %`
}

createRoot(document.body.appendChild(document.createElement('main'))).render(<App />)
