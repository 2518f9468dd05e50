/** The rules over the events of a session: in slices, and again after it was cleared or rewound. */
import assert from 'node:assert/strict'
import { setTimeout } from 'node:timers/promises'
import { connectionRule, type Rule, type RuleRun } from '../../src/diagnose/rule.ts'
import type { RuleEvent } from '../../src/diagnose/rule-event.ts'
import { DiagnosisRunner } from '../../src/engine/diagnosis-runner.ts'
import type { RealtimeEvent } from '../../src/shared/event.ts'
import { allocateColumns, packKind } from '../../src/shared/event-columns.ts'
import type { EventType } from '../../src/shared/event-types.ts'

/** A session of the types given, which counts how many events were made. */
class Session {
  startedAt = new Date(0)
  types: EventType[] = []
  firstKept = 0
  made = 0
  readsColumns = 0

  get count(): number {
    return this.types.length
  }

  columns(from: number, max: number) {
    this.readsColumns++
    const first = Math.max(from, this.firstKept)
    const columns = allocateColumns(first, Math.min(max, this.count - first))
    for (let at = 0; at < columns.count; at++)
      columns.kind[at] = packKind({ type: this.types[first + at] ?? 'mark' })
    columns.connection.fill(1)
    return columns
  }

  peek(index: number): RealtimeEvent {
    if (this.types[index] === 'error') throw new Error('The line was changed.')
    this.made++
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
    runner = new DiagnosisRunner({ source: session, onProgress, rules: [listing(takes, before)] })
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

  it('leaves the thread after a few milliseconds', async () => {
    session.types = Array.from({ length: 3000 }, () => 'gap' as const)
    run(['gap'], () => {
      for (const until = performance.now() + 0.02; performance.now() < until; );
    })
    await until(() => found().length === 3000)
    assert.ok(progress >= 5, `${progress} slices`)
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
})
