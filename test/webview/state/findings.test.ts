import assert from 'node:assert/strict'
import { setTimeout as wait } from 'node:timers/promises'
import type { Finding } from '../../../src/shared/finding.ts'
import type { FindingList } from '../../../src/shared/protocol/findings.ts'
import { FindingStore, knownOf, marksOf } from '../../../webview/state/findings.ts'
import { becomes } from '../../support/eventually.ts'

function finding(rule: string, part: Partial<Finding> = {}): Finding {
  return { rule, severity: 'warning', message: `${rule} says something.`, evidence: {}, ...part }
}

function listOf(...findings: Finding[]): FindingList {
  return { findings, muted: [], rules: 36, failed: [], events: 9, skipped: 0, isCurrent: true }
}

const keysOf = (known: readonly { readonly key: string }[]) => known.map(({ key }) => key)

describe('the findings of the page', () => {
  let reads = 0
  let answer = listOf()
  let store: FindingStore

  beforeEach(() => {
    reads = 0
    store = new FindingStore(async () => {
      reads++
      return answer
    })
  })

  async function read(...findings: Finding[]): Promise<void> {
    answer = listOf(...findings)
    store.refresh()
    await becomes(() => store.list.value === answer, true)
  }

  it('are read when their version changes, and while they are shown with each new event', async () => {
    store.follow(1, 10, false)
    await becomes(() => reads, 1)
    store.follow(1, 20, false)
    store.follow(2, 20, false)
    await becomes(() => reads, 2)
    store.follow(2, 20, true)
    await becomes(() => reads, 3)
    store.follow(2, 21, true)
    await becomes(() => reads, 4)
  })

  it('are read again after a reading that failed, while they are shown', async () => {
    const failing = new FindingStore(async () => {
      if (reads++ === 0) throw new Error('The host does not answer.')
      return answer
    })
    failing.follow(1, 10, true)
    await becomes(() => failing.list.value === answer, true)
    assert.equal(reads, 2)
  })

  it('are read at most about twice a second, however often they change', async () => {
    const since = performance.now()
    let version = 0
    while (performance.now() - since < 1200) {
      store.follow(version++, version, true)
      await wait(5)
    }
    const most = 2 + Math.floor((performance.now() - since) / 500)
    assert.ok(reads >= 2 && reads <= most, `${reads} readings, at most ${most}`)
  })

  it('keep their identity while they do not change, so that they are not rendered again', () => {
    const first = knownOf([finding('a', { connection: 1 }), finding('b', { to: 5 })], [])
    const again = knownOf([finding('a', { connection: 1 }), finding('b', { to: 9 })], first)
    assert.equal(again[0], first[0])
    assert.notEqual(again[1], first[1])
    assert.deepEqual(keysOf(again), keysOf(first))
  })

  it('are told apart also if a rule has several on a connection', () => {
    const known = knownOf([finding('a'), finding('a'), finding('a', { connection: 1 })], [])
    assert.equal(new Set(keysOf(known)).size, 3)
  })

  it('are marked where they are complete, in order, unless they have no time', () => {
    const known = knownOf(
      [finding('late', { from: 1, to: 9 }), finding('early', { from: 4 }), finding('none')],
      [],
    )
    assert.deepEqual(
      marksOf(known).map(({ finding: { rule }, time }) => [rule, time]),
      [
        ['early', 4],
        ['late', 9],
      ],
    )
  })

  it('are narrowed to severities and a connection, and shown again when one of the others is chosen', async () => {
    await read(finding('a', { connection: 1 }), finding('b', { connection: 2, severity: 'error' }))
    store.toggle('warning')
    assert.deepEqual(keysOf(store.shown.value), ['b 2 0'])
    store.connection.value = 2
    store.choose('a 1 0')
    assert.deepEqual(keysOf(store.shown.value), ['a 1 0', 'b 2 0'])
    assert.equal(store.chosen.value, 'a 1 0')
    store.toggle('warning')
    store.showAllOf(1)
    assert.deepEqual(keysOf(store.shown.value), ['a 1 0'])
  })

  it('are shown up to the chosen one, even if it is far down', async () => {
    await read(...Array.from({ length: 1000 }, (_, at) => finding(`r${at}`)))
    assert.equal(store.most.value, 100)
    store.choose('r700 session 0')
    assert.equal(store.most.value, 701)
  })

  it('follow the selected event', async () => {
    await read(finding('a', { events: [3, 4] }), finding('b', { events: [4, 8] }))
    store.settle(7)
    assert.equal(store.chosen.value, 'b session 0')
    store.settle(3)
    assert.equal(store.chosen.value, 'b session 0', 'it shows the event, too')
    store.settle(2)
    assert.equal(store.chosen.value, 'a session 0')
    store.settle(99)
    assert.equal(store.chosen.value, 'a session 0')
  })
})
