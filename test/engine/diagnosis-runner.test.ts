/** The rules over the events of a session: in slices, and again after it was cleared or rewound. */
import assert from 'node:assert/strict'
import { setTimeout } from 'node:timers/promises'
import { connectionRule, type Rule, type RuleRun } from '../../src/diagnose/rule.ts'
import type { RuleEvent } from '../../src/diagnose/rule-event.ts'
import { DiagnosisRunner, type DiagnosisRunnerOptions } from '../../src/engine/diagnosis-runner.ts'
import type { RealtimeEvent } from '../../src/shared/event.ts'
import { allocateColumns, packKind } from '../../src/shared/event-columns.ts'
import type { EventType } from '../../src/shared/event-types.ts'
import { opened } from '../support/recording.ts'

/** A session of the types given, which counts how many events were made. */
class Session {
  startedAt = new Date(0)
  types: EventType[] = []
  firstKept = 0
  made = 0
  readsColumns = 0
  connectionOf = (_index: number) => 1

  get count(): number {
    return this.types.length
  }

  columns(from: number, max: number) {
    this.readsColumns++
    const first = Math.max(from, this.firstKept)
    const columns = allocateColumns(first, Math.min(max, this.count - first))
    for (let at = 0; at < columns.count; at++)
      columns.kind[at] = packKind({ type: this.types[first + at] ?? 'mark' })
    for (let at = 0; at < columns.count; at++) columns.connection[at] = this.connectionOf(first + at)
    return columns
  }

  peek(index: number): RealtimeEvent {
    const type = this.types[index]
    if (type === 'error') throw new Error('The line was changed.')
    this.made++
    const connection = this.connectionOf(index)
    if (type === 'connect' || type === 'open')
      return { ...opened(connection)[type === 'connect' ? 0 : 1], time: index } as RealtimeEvent
    return { type: 'gap', connection: 1, time: index, missed: 1 }
  }
}

/** Lists the numbers of the events that it gets. */
function listing(takes: readonly EventType[], before?: (event: RuleEvent) => unknown): Rule {
  const start = (): RuleRun => {
    const events: number[] = []
    return {
      add: (event) => {
        before?.(event)
        events.push(event.number)
      },
      findings: () => [{ severity: 'info', title: '', message: '', evidence: {}, events: [...events] }],
    }
  }
  return connectionRule({ name: 'listing', about: '', takes, start })
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await setTimeout(5)
}

describe('the rules behind the capture', () => {
  let session: Session
  let runner: DiagnosisRunner
  let progress: number
  const found = () => runner.list().findings[0]?.events ?? []
  const run = (takes: readonly EventType[], before?: (event: RuleEvent) => unknown) => {
    const onProgress = () => progress++
    runner = new DiagnosisRunner({ source: session, onProgress, rules: [listing(takes, before)], period: 5 })
    runner.poke()
  }

  beforeEach(() => {
    session = new Session()
    progress = 0
  })

  afterEach(() => runner.clear())

  it('reads only the events that a rule asks for', async () => {
    session.types = Array.from({ length: 100_000 }, (_, i) => (i % 10_000 === 7 ? 'gap' : 'message'))
    run(['gap'], ({ full }) => full)
    assert.deepEqual(found(), [])
    await until(() => found().length === 10)
    assert.deepEqual(found().slice(0, 2), [7, 10_007])
    // The diagnosis itself reads each step of a connection.
    assert.equal(session.made, 10)
    assert.ok(progress > 0)
  })

  it('continues with the events that are appended, and skips those that cannot be read', async () => {
    session.types = ['message', 'gap', 'error']
    run(['gap', 'error'], ({ full }) => full)
    await until(() => found().length === 1)
    session.types.push('gap', 'error', 'gap')
    runner.poke()
    await until(() => found().length === 3)
    assert.deepEqual(found(), [1, 3, 5])
  })

  it('gives messages in a row to rules at once, of columns that are not copied', async () => {
    session.types = Array.from({ length: 10_000 }, (_, i) => (i % 1000 === 7 ? 'gap' : 'message'))
    session.connectionOf = (index) => 1 + (index > 5000 ? 1 : 0)
    const columns = session.columns(0, session.count)
    session.readsColumns = 0
    const ones: number[] = []
    const taken = new Map<number, number>()
    const rule = connectionRule({
      ...{ name: 'counting', about: '', takes: ['message', 'gap'] },
      start: ({ id }) => ({
        add: ({ type, number }) =>
          void (type === 'message' ? taken.set(id, (taken.get(id) ?? 0) + 1) : ones.push(number)),
        addAlike: ({ from, to }) => void taken.set(id, (taken.get(id) ?? 0) + to - from),
        findings: () => [],
      }),
    })
    const source = Object.assign(session, { columnsAround: () => columns })
    runner = new DiagnosisRunner({ source, onProgress: () => progress++, rules: [rule], period: 5 })
    runner.poke()
    await until(() => runner.list().isCurrent)
    assert.deepEqual(
      [...taken],
      [
        [1, 4996],
        [2, 4994],
      ],
    )
    assert.deepEqual(
      ones,
      Array.from({ length: 10 }, (_, i) => 1000 * i + 7),
    )
    assert.equal(runner.list().events, 10_000)
    assert.equal(session.readsColumns, 0)
  })

  it('leaves the thread after a few milliseconds', async () => {
    session.types = Array.from({ length: 3000 }, () => 'gap' as const)
    run(['gap'], () => {
      for (const until = performance.now() + 0.02; performance.now() < until; );
    })
    let ticks = 0
    const tick = () => {
      ticks++
      immediate = setImmediate(tick)
    }
    let immediate = setImmediate(tick)
    await until(() => found().length === 3000)
    clearImmediate(immediate)
    assert.ok(ticks >= 5, `${ticks} ticks`)
  })

  it('starts again after the session was cleared or rewound', async () => {
    session.types = ['gap', 'gap', 'gap']
    run(['gap'])
    await until(() => found().length === 3)
    session.types = ['message', 'gap']
    runner.rewind(2)
    assert.deepEqual(found(), [])
    await until(() => found().length === 1)
    assert.deepEqual(found(), [1])
    runner.clear()
    session.types = ['gap']
    runner.poke()
    await until(() => found().length === 1)
    assert.deepEqual(found(), [0])
  })

  describe('of a session that goes on', () => {
    let now: number
    const live = (rules: readonly Rule[], more: Partial<DiagnosisRunnerOptions> = {}) => {
      runner = new DiagnosisRunner({
        ...{ source: session, rules, period: 5, now: () => now, onProgress: () => progress++ },
        ...more,
      })
      runner.poke()
    }

    beforeEach(() => {
      now = 0
    })

    it('leaves out payloads that come faster than they can be read, and says how many', async () => {
      session.types = Array.from({ length: 20_000 }, () => 'message' as const)
      const slow = listing(['message'], () => {
        for (const until = performance.now() + 0.1; performance.now() < until; );
      })
      let skips = 0
      const start: Rule['start'] = (...given) => ({ ...slow.start(...given), skipped: () => skips++ })
      live([{ ...slow, readsPayloads: true, start }])
      await until(() => runner.list().isCurrent)
      const { events, skipped } = runner.list()
      assert.equal(events, 20_000)
      assert.equal(skipped + found().length, 20_000)
      // They would take 2 s of the thread.
      assert.ok(skipped > 15_000, `${skipped}`)
      assert.ok(skips >= 1 && skips < 100, `told ${skips} times`)
    })

    it('gives all payloads of a file, however long they take', async () => {
      session.types = Array.from({ length: 2000 }, () => 'message' as const)
      const slow = listing(['message'], () => {
        for (const until = performance.now() + 0.05; performance.now() < until; );
      })
      live([{ ...slow, readsPayloads: true }], { now: undefined })
      await until(() => found().length === 2000)
      assert.equal(runner.list().skipped, 0)
    })

    it('waits until payloads are decoded', async () => {
      session.types = ['message', 'message']
      let known = 0
      let starts = 0
      const decoding = {
        packets: (index: number) => [{ protocol: 'json', kind: 'event' as const, name: `${index}` }],
        isPlain: () => false,
        isKnown: (index: number) => index < known,
        start: () => starts++,
      }
      const names: string[] = []
      const reading = listing(['message'], ({ decoded }) => names.push(decoded[0]?.name ?? ''))
      live([{ ...reading, readsPayloads: true }], { decoding })
      await until(() => starts > 0)
      assert.deepEqual([names, runner.list().events], [[], 0])
      known = 2
      runner.decoded()
      await until(() => runner.list().isCurrent)
      assert.deepEqual([names, runner.list().skipped], [['0', '1'], 0])
    })

    it('finds what time alone changes', async () => {
      session.types = ['connect', 'open']
      const silent = connectionRule({
        ...{ name: 'silent', about: '', takes: ['open', 'message'] },
        start: ({ openedAt }) => ({
          add: () => {},
          findings: (at) =>
            at - openedAt < 1000 ? [] : [{ severity: 'info', title: '', message: '', evidence: { at } }],
        }),
      })
      live([silent])
      await until(() => runner.list().isCurrent)
      assert.deepEqual(runner.list().findings, [])
      now = 5000
      await until(() => runner.summary()?.session.counts.info === 1)
      assert.deepEqual(runner.list().findings[0]?.evidence, { at: 5000 })
    })

    it('tells of progress only if time has changed what is found', async () => {
      session.types = ['connect', 'open']
      let asked = 0
      const silent = connectionRule({
        ...{ name: 'silent', about: '', takes: ['open', 'message'] },
        start: () => ({
          add: () => {},
          findings: () => {
            asked++
            return now < 5000 ? [] : [{ severity: 'info', title: '', message: '', evidence: {} }]
          },
        }),
      })
      live([silent])
      await until(() => asked > 5)
      assert.equal(progress, 0)
      now = 5000
      await until(() => progress > 0)
      assert.equal(runner.summary()?.session.counts.info, 1)
    })

    it('asks only about connections on which something happened', async () => {
      const asked: number[] = []
      const asking = connectionRule({
        ...{ name: 'asking', about: '', takes: ['message'] },
        start: ({ id }) => ({
          add: () => {},
          findings: () => {
            asked.push(id)
            return []
          },
        }),
      })
      session.types = Array.from({ length: 3000 }, () => 'message' as const)
      session.connectionOf = (index) => (index < 3000 ? index + 1 : 7)
      live([asking])
      await until(() => runner.list().isCurrent && asked.length >= 3000)
      assert.equal(asked.length, 3000)
      asked.length = 0
      session.types.push('message')
      runner.poke()
      await until(() => runner.list().isCurrent && asked.length > 0)
      assert.deepEqual(asked, [7])
    })

    it('mutes without starting over', async () => {
      session.types = ['gap', 'gap']
      live([listing(['gap'])])
      await until(() => found().length === 2)
      const before = runner.summary()?.session.version ?? 0
      session.firstKept = 2
      runner.choose({ thresholds: {}, muted: [{ rule: 'listing' }] })
      assert.deepEqual([runner.list().findings.length, runner.list().muted.length], [0, 1])
      assert.equal(runner.summary(), undefined)
      runner.choose({ thresholds: {}, muted: [] })
      assert.deepEqual(found(), [0, 1])
      assert.ok((runner.summary()?.session.version ?? 0) > before)
    })
  })
})
