/** Programs in processes of their own, for tests of what outlives a process. They import the sources as built into dist. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { projectFile } from '../src/config/project-root.js'

export interface Child {
  readonly process: ChildProcess
  /** Resolves with the next whole line of its output; rejects if it ends before. */
  line(): Promise<string>
  /** Resolves once it is gone. */
  end(signal: NodeJS.Signals): Promise<void>
}

/** `program` is an ES module's text; `dist` in it is the folder of the built sources. */
export function startChild(program: string): Child {
  const text = `const dist = ${JSON.stringify(projectFile('dist', 'src'))}\n${program}`
  const child = spawn(process.execPath, ['--input-type=module', '--eval', text], {
    cwd: projectFile(),
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(child, 'exit')
  const lines = linesOf(child)
  return {
    process: child,
    line: async () => {
      const next = await lines.next()
      if (next.done === true) throw new Error('The child process ended without another line.')
      return next.value
    },
    end: async (signal) => {
      child.kill(signal)
      await ended
    },
  }
}

async function* linesOf(child: ChildProcess): AsyncGenerator<string, undefined> {
  let text = ''
  for await (const part of child.stdout ?? []) {
    text += String(part)
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n')) {
      yield text.slice(0, end)
      text = text.slice(end + 1)
    }
  }
  return undefined
}
