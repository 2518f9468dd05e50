/** What a page is sent of a session: only while it is visible, and from where it stopped. */
import assert from 'node:assert/strict'
import * as vscode from 'vscode'
import type { Delta } from '../../src/shared/protocol.ts'
import { PanelFeed } from '../../src/vscode/panel/panel-feed.ts'
import { EventFeed } from '../../src/vscode/session/event-feed.ts'
import { LiveSession } from '../../src/vscode/session/live-session.ts'
import { RememberedConnections } from '../../src/vscode/session/remembered-connections.ts'
import { removeTempDirs, tempDir } from '../support/temp-dir.ts'
import { until } from './inspector.ts'
import { memento, surroundings } from './parts.ts'

describe('the feed of a page', () => {
  let session: LiveSession
  let feed: PanelFeed
  /** Numbers of the events since the last reset, in the order of arrival. */
  let events: number[]
  let resets: number
  let failures: unknown[]

  beforeEach(async () => {
    const { engine: script, ...rest } = surroundings(tempDir())
    session = new LiveSession({
      script,
      remembered: new RememberedConnections(memento(), memento()),
      ...rest,
    })
    events = []
    resets = 0
    failures = []
    feed = new PanelFeed(
      session,
      {
        notify: (name, data) => {
          if (name === 'delta') take(data as Delta)
          else if (name === 'reset') {
            events = []
            resets++
          }
        },
      },
      { visible: true, notifier: { internal: (error) => failures.push(error) } },
    )
    feed.ready(0, 0)
    await mark(3)
    await until(() => events.length === 3)
  })

  afterEach(async () => {
    feed.dispose()
    await session.dispose()
    removeTempDirs()
    assert.deepEqual(failures, [])
  })

  function take({ columns }: Delta): void {
    for (let n = 0; n < columns.count; n++) events.push(columns.first + n)
    feed.acknowledge()
  }

  async function mark(count: number): Promise<void> {
    for (let n = 0; n < count; n++) await session.call('mark', { text: `mark ${n}` })
  }

  /** Waits for a status with so many events, which the engine sends a while after the events. */
  async function toldOf(count: number): Promise<void> {
    await until(() => session.status?.events === count)
  }

  it('sends nothing while the page is hidden, and what it missed when it is shown', async () => {
    feed.setVisible(false)
    await mark(2)
    await toldOf(5)
    assert.deepEqual(events, [0, 1, 2])
    feed.setVisible(true)
    await until(() => events.length === 5)
    assert.deepEqual(events, [0, 1, 2, 3, 4])
  })

  it('starts again if the session was cleared while the page was hidden', async () => {
    feed.setVisible(false)
    await session.call('clear', null)
    await mark(2)
    feed.setVisible(true)
    await until(() => events.length === 2)
    assert.deepEqual([resets, events], [1, [0, 1]])
  })

  it('starts again when a clear is undone, and other extensions hear of no event twice', async () => {
    await toldOf(3)
    const heard: unknown[] = []
    const log = vscode.window.createOutputChannel('An event feed, under test', { log: true })
    const others = new EventFeed(session, log)
    const subscription = others.onEvent((event) => heard.push('text' in event && event.text))
    try {
      await session.call('mark', { text: 'before' })
      await until(() => heard.length === 1)
      await session.call('clear', null)
      await session.call('mark', { text: 'between' })
      await until(() => heard.length === 2)
      await session.call('settleCleared', { undo: true })
      await until(() => events.length === 5)
      await session.call('mark', { text: 'after' })
      await until(() => heard.length === 3)
      assert.deepEqual(heard, ['before', 'between', 'after'])
    } finally {
      subscription.dispose()
      others.dispose()
      log.dispose()
    }
  })

  it('says what previews show without starting an engine', async () => {
    const { engine: script, ...rest } = surroundings(tempDir())
    const remembered = new RememberedConnections(memento(), memento())
    const idle = new LiveSession({ script, remembered, ...rest })
    await idle.wish({ generation: 4, find: [], paths: ['$.n'], replyKeys: [] })
    assert.equal(idle.running, false)
    const previews = new Promise((resolve) => idle.on('delta', ({ wish }) => resolve(wish)))
    await idle.call('subscribe', { from: 0, fromEventName: 0 })
    await idle.call('mark', { text: 'first' })
    assert.equal(await previews, 4)
    await idle.dispose()
  })

  it('holds new events back until the page lets them through', async () => {
    await feed.hold(true)
    await mark(2)
    await toldOf(5)
    assert.deepEqual(events, [0, 1, 2])
    await feed.hold(false)
    await until(() => events.length === 5)
  })

  it('sends everything again to a page that was reloaded', async () => {
    await mark(1)
    events = []
    feed.ready(0, 0)
    await until(() => events.length === 4)
    assert.deepEqual(events, [0, 1, 2, 3])
  })
})
