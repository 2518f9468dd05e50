/**
 * Clients of a server in another process, which compare every byte with what is expected. The load's path names the
 * kind of the messages; its query, the number of clients, which share the count, and the server: `ours`, or `prepared`.
 */
import { spawn } from 'node:child_process'
import { connect } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { builtCli } from '../harness/built-cli.ts'
import { contend, type Task } from '../harness/contender.ts'
import { usageOf } from '../harness/processes.ts'
import { type Fed, feedPath, recordedFeed } from '../harness/recorded-feed.ts'
import { type Block, buildBlock } from '../load/blocks.ts'

const HEAD_END = '\r\n\r\n'
const WEBSOCKET =
  'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n'

interface Load {
  readonly kind: Fed
  readonly block: Block
  readonly port: number
  /** Process id of the server. */
  readonly pid: number
}

// Started by the warm-up. The server ends with this process.
let load: Promise<Load> | undefined

await contend(
  async (address, count, task) => {
    const url = new URL(address)
    const clients = Number(url.searchParams.get('clients'))
    load ??= start(url, task, clients)
    const { kind, block, port, pid } = await load
    const before = usageOf([pid]).cpuSeconds
    const each = Math.round(count / clients)
    await Promise.all(Array.from({ length: clients }, () => receive(kind, block, port, each)))
    const after = usageOf([pid])
    return {
      count: each * clients,
      extra: {
        'server µs': ((after.cpuSeconds - before) / count) * 1e6,
        'server MB': after.memory / 1e6,
      },
    }
  },
  { others: true },
)

async function start({ pathname, searchParams }: URL, task: Task, clients: number): Promise<Load> {
  const kind = pathname.slice(1) as Fed
  const block = await buildBlock(kind, task.size)
  const counts = [task.warmup, task.count].map((count) => Math.round(count / clients))
  const args =
    searchParams.get('server') === 'ours'
      ? [await builtCli(), 'serve', await recordedFeed(kind, counts, task.size), '--speed', 'max']
      : [join(import.meta.dirname, '..', 'load', 'prepared.ts'), kind, String(task.size)]
  const server = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  process.on('exit', () => server.kill())
  for await (const line of createInterface({ input: server.stdout }))
    return { kind, block, port: Number(new URL(JSON.parse(line).listening).port), pid: server.pid ?? 0 }
  throw new Error('The server ended before it listened.')
}

/** Resolves when `count` messages and the end have arrived. Rejects if a byte differs. */
function receive(kind: Fed, { bytes, ends }: Block, port: number, count: number): Promise<void> {
  const end = Buffer.from(kind === 'ws' ? [0x88, 2, 3, 0xe8] : `0${HEAD_END}`)
  const rounds = Math.floor(count / ends.length)
  const length = rounds * bytes.length + (ends[(count % ends.length) - 1] ?? 0)
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => {
      const upgrade = kind === 'ws' ? WEBSOCKET : ''
      socket.write(`GET ${feedPath(count)} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n${upgrade}\r\n`)
    })
    let head: string | undefined = ''
    let at = 0
    socket.on('data', (chunk: Buffer) => {
      let from = 0
      if (head !== undefined) {
        const before = head.length
        head += chunk.toString('latin1')
        const headEnd = head.indexOf(HEAD_END)
        if (headEnd < 0) return
        from = headEnd + HEAD_END.length - before
        head = undefined
      }
      while (from < chunk.length) {
        const within = at % bytes.length
        const isMessage = at < length
        const expected = isMessage ? bytes.subarray(within, within + length - at) : end.subarray(at - length)
        const same = Math.min(expected.length, chunk.length - from)
        if (same === 0 || chunk.compare(expected, 0, same, from, from + same) !== 0) {
          reject(new Error(`Byte ${at} of ${length}, or one soon after it, differs from what was recorded.`))
          socket.destroy()
          return
        }
        at += same
        from += same
      }
      if (at < length + end.length) return
      socket.destroy()
      resolve()
    })
    socket.on('error', reject)
    socket.on('close', () => reject(new Error(`The server closed after ${at} of ${length} bytes.`)))
  })
}
