/** Comparing two session files in the terminal and in the editor, against a program that parses the lines of both as JSON. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { builtCli, builtJobs } from '../harness/built-cli.ts'
import { runExternal } from '../harness/external.ts'
import { LIFECYCLE, recordedSocket } from '../harness/recorded-socket.ts'
import type { Case, Contender, Measurement, Target } from '../harness/types.ts'

const COUNT = 500_000
/** For the page of a comparison. */
const MANY = 1_000_000
const SIZE = 100

/** Message `n` of a feed, of an exact size. `run` makes all of them differ. */
function tick(n: number, run = 0): Buffer {
  const at = new Date(Date.UTC(2026, 10, 23) + n).toISOString()
  const text = `{"n":${n + run * 10_000_000},"at":"${at}","side":"${n % 2 === 0 ? 'buy' : 'sell'}","pad":"`
  return Buffer.from(`${text}${'-'.repeat(SIZE - text.length - 2)}"}`)
}

/** One message in 5,000 differs, and one in 10,000 is missing or new. */
function withFewDifferences(of: (n: number) => Buffer): (n: number) => readonly Buffer[] {
  return (n) => {
    if (n % 10_000 === 5) return []
    if (n % 10_000 === 7) return [of(n), tick(n, 2)]
    return [n % 5000 === 8 ? tick(n, 3) : of(n)]
  }
}

const same = () => tick(7)
const FILES = {
  feed: (n: number) => [tick(n)],
  'feed-with-few-differences': withFewDifferences((n) => tick(n)),
  'other-feed': (n: number) => [tick(n, 1)],
  'same-lines': () => [same()],
  'same-lines-with-few-differences': withFewDifferences(same),
} as const
type FileName = keyof typeof FILES
type Pair = readonly [FileName, FileName]

const share = (each: number) => (count: number) => Math.floor(count / each)

/** What a comparison must count, for a number of messages that 10,000 divides. */
interface Expected {
  readonly extra: (count: number) => number
  readonly missing: (count: number) => number
  readonly same: (count: number) => number
}

const FEW: Expected = {
  extra: share(10_000),
  missing: share(10_000),
  same: (count) => count - share(10_000)(count) - share(5000)(count),
}

interface Program {
  readonly name: string
  /** The script and its arguments for two files. */
  readonly command: (a: string, b: string) => Promise<{ script: string; args: string[] }>
  /** Throws if it printed something wrong. Returns figures of its own. */
  readonly check: (printed: string, count: number) => Partial<Measurement>
}

function contender(pair: Pair, most: number, { name, command, check }: Program): Contender {
  return {
    name,
    async run({ scale }) {
      const count = Math.max(1, Math.round((most * scale) / 10_000)) * 10_000
      const fileOf = (file: FileName) => recordedSocket(count, SIZE, file, FILES[file])
      const run = await command(await fileOf(pair[0]), await fileOf(pair[1]))
      const folder = mkdtempSync(join(tmpdir(), 'realtime-bench-'))
      const stdout = join(folder, 'stdout')
      try {
        const figures = await runExternal({ ...run, cwd: folder, stdout, began: Promise.resolve() })
        return { ...figures, ...check(readFileSync(stdout, 'utf8'), count), count: 2 * count }
      } finally {
        rmSync(folder, { recursive: true, force: true })
      }
    },
  }
}

const contenderScript = (name: string) => join(import.meta.dirname, '..', 'contenders', name)

function requireEqual(what: string, actual: unknown, expected: number): void {
  if (actual !== expected) throw new Error(`${what}: ${actual} instead of ${expected}.`)
}

const parse: Program = {
  name: 'JSON.parse',
  command: async (a, b) => ({ script: contenderScript('parsed-file.ts'), args: [a, b] }),
  check(printed, count) {
    // As many messages are missing as are new, and each file has a header.
    requireEqual('lines', Number(printed), 2 * (count + 1 + LIFECYCLE))
    return {}
  },
}

function requireCounts(counts: Record<string, unknown>, expected: Partial<Expected>, count: number): void {
  for (const [name, of] of Object.entries(expected)) requireEqual(name, counts[name], of(count))
}

const inTerminal = (expected: Partial<Expected>): Program => ({
  name: 'ours',
  command: async (a, b) => ({ script: await builtCli(), args: ['compare', a, b, '--format', 'json'] }),
  check(printed, count) {
    requireCounts(JSON.parse(printed).counts, expected, count)
    return {}
  },
})

/** The job that the editor runs for the page of a comparison. */
const inEditor = (expected: Partial<Expected>): Program => ({
  name: 'ours',
  command: async (a, b) => ({
    script: contenderScript('compared-in-job.ts'),
    args: [await builtJobs(), a, b],
  }),
  check(printed, count) {
    const { counts, seconds, stall } = JSON.parse(printed)
    requireCounts(counts, expected, count)
    return { seconds, stall }
  },
})

/** Messages for each second of processor time, since the machine may be busy. */
const perProcessorSecond = ({ count, cpuSeconds }: Measurement) => count / cpuSeconds

const TARGET: Target = {
  ...{ of: 'ours', against: 'JSON.parse', floor: 1 / 3, goal: 1 / 1.5 },
  called: 'for the same processor time',
  figure: perProcessorSecond,
}

const variant = (label: string, pair: Pair, expected: Partial<Expected>) => ({
  ...{ label: `${label}, 500,000 WebSocket messages of 100 B each`, unit: 'messages' },
  contenders: [parse, inTerminal(expected)].map((each) => contender(pair, COUNT, each)),
  targets: [TARGET],
})

const ANSWER: Target = {
  ...{ of: 'ours', against: 'ours', floor: 5, goal: 2, absolute: 'at most' },
  called: 'seconds until the page has its answer',
  figure: ({ seconds }) => seconds,
}

const page = (label: string, pair: Pair, expected: Partial<Expected>) => ({
  ...{ label: `${label}, in the editor, 1,000,000 messages of 100 B each`, unit: 'messages' },
  contenders: [parse, inEditor(expected)].map((each) => contender(pair, MANY, each)),
  targets: [ANSWER, TARGET],
})

export const compare: Case = {
  name: 'compare',
  title: 'Compare two session files',
  variants: [
    variant('few differences', ['feed', 'feed-with-few-differences'], FEW),
    variant('no equal messages', ['feed', 'other-feed'], { same: () => 0 }),
    variant('no differences', ['feed', 'feed'], { same: (count) => count }),
    variant('few differences in equal messages', ['same-lines', 'same-lines-with-few-differences'], {
      same: FEW.same,
    }),
    page('few differences', ['feed', 'feed-with-few-differences'], FEW),
    page('no equal messages', ['feed', 'other-feed'], { same: () => 0 }),
  ],
}
