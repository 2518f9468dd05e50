/** What the terminal does with a whole session file, against a program that parses its lines as JSON. */
import { createHash } from 'node:crypto'
import { createReadStream, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { builtCli } from '../harness/built-cli.ts'
import { runExternal } from '../harness/external.ts'
import { LIFECYCLE, recordedSocket } from '../harness/recorded-socket.ts'
import type { Case, Contender, Measurement, Target } from '../harness/types.ts'

const COUNT = 500_000
const SIZE = 100

/** One run of a program. */
interface Run {
  readonly file: string
  readonly count: number
  /** A file that it may write. */
  readonly output: string
  /** What it has printed. */
  readonly printed: string
}

interface Program {
  readonly name: string
  script(): Promise<string>
  args(run: Pick<Run, 'file' | 'output'>): string[]
  /** Throws if something is missing. */
  check(run: Run): Promise<void> | void
}

function contender({ name, script, args, check }: Program): Contender {
  return {
    name,
    async run({ scale }) {
      const count = Math.round(COUNT * scale)
      const file = await recordedSocket(count, SIZE)
      const folder = mkdtempSync(join(tmpdir(), 'realtime-bench-'))
      const output = join(folder, 'output.rtsession')
      const stdout = join(folder, 'stdout')
      try {
        const command = { script: await script(), args: args({ file, output }) }
        const figures = await runExternal({ ...command, cwd: folder, stdout, began: Promise.resolve() })
        await check({ file, count, output, printed: readFileSync(stdout, 'utf8') })
        return { ...figures, count }
      } finally {
        rmSync(folder, { recursive: true, force: true })
      }
    },
  }
}

const parse: Program = {
  name: 'JSON.parse',
  script: async () => join(import.meta.dirname, '..', 'contenders', 'parsed-file.ts'),
  args: ({ file }) => [file],
  check: ({ printed, count }) => requireEqual('lines', Number(printed), 1 + count + LIFECYCLE),
}

const ours = (args: Program['args'], check: Program['check']): Program => ({
  ...{ name: 'ours', script: builtCli, args, check },
})

const report = ours(
  ({ file }) => ['report', file, '--format', 'json'],
  ({ printed, count }) => {
    const { events, connections } = JSON.parse(printed)
    requireEqual('events', events, count + LIFECYCLE)
    requireEqual('messages', connections[0].in.messages, count)
    requireEqual('bytes', connections[0].in.bytes.payload, count * SIZE)
  },
)

const play = ours(
  ({ file }) => ['replay', file, '--speed', 'max', '--format', 'none'],
  ({ printed }) => requireEqual('output', printed, ''),
)

const playAndSave = ours(
  ({ file, output }) => ['replay', file, '--speed', 'max', '--format', 'none', '--save', output],
  requireCopy,
)

const convert = ours(({ file, output }) => ['convert', file, output], requireCopy)

/** All lines but the first, which names the program, have the same bytes in the same order. */
async function requireCopy({ file, output }: Run): Promise<void> {
  requireEqual('SHA-256 of the lines', await hashOf(output), await hashOf(file))
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256')
  const firstLine = readFileSync(path).indexOf('\n')
  await pipeline(createReadStream(path, { start: firstLine }), hash)
  return hash.digest('hex')
}

function requireEqual<Value>(what: string, actual: Value, expected: Value): void {
  if (actual !== expected) throw new Error(`${what}: ${actual} instead of ${expected}.`)
}

/** Messages for each second of processor time, since the machine may be busy. */
const perProcessorSecond = ({ count, cpuSeconds }: Measurement) => count / cpuSeconds

/** `floor` and `goal` are shares of the time of parsing. */
const target = (floor: number, goal: number): Target => ({
  ...{ of: 'ours', against: 'JSON.parse', floor: 1 / floor, goal: 1 / goal },
  called: 'for the same processor time',
  figure: perProcessorSecond,
})

const variant = (label: string, program: Program, targets: Target[]) => ({
  ...{ label: `${label}, 500,000 WebSocket messages of 100 B`, unit: 'messages' },
  ...{ contenders: [parse, program].map(contender), targets },
})

export const sessionFiles: Case = {
  name: 'session-files',
  title: 'A session file',
  variants: [
    variant('report', report, [target(1.5, 0.7)]),
    variant('replay --speed max --format none', play, [target(2, 1)]),
    variant('the same with --save', playAndSave, [target(2, 1)]),
    variant('convert to .rtsession', convert, [target(2, 1)]),
  ],
}
