/** Another process of Node's, asked through its inspector. */
import { once } from 'node:events'
import { WebSocket } from 'ws'

const USAGE = '(({ heapUsed, external }) => heapUsed + external)(process.memoryUsage())'

/** @param inspector what the process said that it listens on: a WebSocket's address */
export async function heldBytes(inspector: string): Promise<number> {
  const socket = new WebSocket(inspector)
  await once(socket, 'open')
  // What a first collection lets go of, a second one frees.
  for (let i = 0; i < 2; i++) await call(socket, 'HeapProfiler.collectGarbage', {})
  const { result } = await call<{ result: { value: number } }>(socket, 'Runtime.evaluate', { expression: USAGE })
  socket.close()
  return result.value
}

async function call<Result>(socket: WebSocket, method: string, params: object): Promise<Result> {
  const answered = once(socket, 'message')
  socket.send(JSON.stringify({ id: 1, method, params }))
  const [message] = (await answered) as [Buffer]
  return (JSON.parse(message.toString()) as { result: Result }).result
}
