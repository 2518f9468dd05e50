/** WebSocket messages captured by the terminal and saved at once, against other terminals writing to a file. */
import { createReadStream, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { builtCli } from '../harness/built-cli.ts'
import { runExternal } from '../harness/external.ts'
import { installPeers } from '../harness/peers.ts'
import type { Case, Contender, RunContext } from '../harness/types.ts'

const SIZE = 64

async function countLines(file: string, pattern: RegExp): Promise<number> {
  let count = 0
  for await (const line of createInterface({ input: createReadStream(file) })) if (pattern.test(line)) count++
  return count
}

interface Terminal {
  readonly name: string
  readonly count: number
  /** The script and its arguments. The program or its standard output writes `file`. */
  command(url: string, folder: string, file: string): Promise<{ script: string; args: string[] }>
  readonly ownFile?: boolean
  /** Bytes that it writes for each message, if it does not exit when the connection closes. */
  readonly lineSize?: number
  /** A line that records a message. */
  readonly line: RegExp
}

function contender(terminal: Terminal): Contender {
  return { name: terminal.name, run: (context) => run(terminal, context) }
}

async function run(terminal: Terminal, { generator, scale }: RunContext) {
  const count = Math.round(terminal.count * scale)
  const { lineSize } = terminal
  const folder = mkdtempSync(join(tmpdir(), 'realtime-bench-'))
  try {
    const file = join(folder, 'recorded')
    const url = `${generator.url.replace('http:', 'ws:')}/ws?size=${SIZE}&count=${count}`
    const command = await terminal.command(url, folder, file)
    const figures = await runExternal({
      ...command,
      cwd: folder,
      stdout: terminal.ownFile ? join(folder, 'stdout') : file,
      began: generator.next(),
      ...(lineSize !== undefined && { isDone: () => statSync(file).size >= count * lineSize }),
    })
    const recorded = await countLines(file, terminal.line)
    if (recorded !== count) throw new Error(`${recorded} of ${count} messages were recorded.`)
    return { ...figures, count }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const wscat: Terminal = {
  name: 'wscat',
  count: 1_000_000,
  command: async (url) => ({ script: (await installPeers()).wscat, args: ['-c', url] }),
  line: /^\{"n":/,
}

/** Above about 100,000 messages, httpyac overflows its stack. */
const httpyac: Terminal = {
  name: 'httpyac',
  count: 100_000,
  lineSize: SIZE + '1:00:00 AM - message:  \n'.length,
  command: async (url, folder) => {
    const script = (await installPeers()).httpyac
    const request = join(folder, 'request.http')
    writeFileSync(request, `WS ${url}\n\n{{@streaming\nawait new Promise((r) => setTimeout(r, 60000))\n}}\n`)
    return { script, args: ['send', request, '--all', '-o', 'body'] }
  },
  line: /message: {2}\{"n":/,
}

const ours: Terminal = {
  name: 'ours',
  count: 1_000_000,
  ownFile: true,
  command: async (url, _folder, file) => {
    const args = ['connect', url, '--save', file, '--format', 'none', '--reconnect', 'never']
    return { script: await builtCli(), args }
  },
  line: /^\{"type":"message",.*"text":"\{\\"n\\":/,
}

export const terminal: Case = {
  name: 'terminal',
  title: 'Recorded by a terminal',
  variants: [
    {
      label: 'WebSocket, 64 B',
      unit: 'messages',
      contenders: [wscat, httpyac, ours].map(contender),
      targets: [
        { of: 'ours', against: 'wscat', floor: 1, goal: 2 },
        { of: 'ours', against: 'httpyac', floor: 2 },
      ],
    },
  ],
}
