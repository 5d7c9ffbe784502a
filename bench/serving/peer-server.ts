/** bench/peers/serving.py as a server of its own. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { projectFile } from '../../src/config/project-root.js'

export interface PeerServer {
  readonly url: string
  close(): Promise<void>
}

const START_MS = 120_000

/** @param folder for its database */
export async function startPeerServer(python: string, folder: string): Promise<PeerServer> {
  const port = await freePort()
  const url = `http://127.0.0.1:${String(port)}`
  const flags = ['--port', String(port), '--database', `${folder}/peer.sqlite`]
  const child = spawn(python, [projectFile('bench', 'peers', 'serving.py'), ...flags], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const exited = once(child, 'exit')
  const close = async (): Promise<void> => {
    child.kill('SIGTERM')
    await exited
  }
  const deadline = Date.now() + START_MS
  while (Date.now() < deadline && child.exitCode === null) {
    const answer = await fetch(`${url}/ready`).catch(() => null)
    if (answer?.ok === true) return { url, close }
    await sleep(100)
  }
  await close()
  throw new Error('The FastAPI server did not start: it takes torch, torchvision, fastapi and uvicorn.')
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
