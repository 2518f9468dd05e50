/** A live engine on a disk that fills up: what it reports, what it keeps, and what each setting does. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { join } from 'node:path'
import type { WebSocket } from 'ws'
import { openSession } from '../../src/session/session-reader.ts'
import type { RealtimeEvent } from '../../src/shared/event.ts'
import type { WhenDiskFull } from '../../src/shared/status.ts'
import { LiveEngine } from '../support/live-engine.ts'
import { canMount, type SmallDisk, smallDisk } from '../support/small-disk.ts'
import { tempDir } from '../support/temp-dir.ts'

const SIZE = 50_000
const FULL = /^The disk is full: .*Free some space\./

if (canMount)
  describe('an engine on a full disk', () => {
    let disk: SmallDisk
    let live: LiveEngine
    let peer: WebSocket

    async function start(whenDiskFull: WhenDiskFull, memoryLimit = 1 << 20): Promise<void> {
      disk = smallDisk(4)
      live = new LiveEngine({ folder: disk.path, settings: { whenDiskFull, memoryLimit } })
      peer = (await live.open()).peer
    }
    afterEach(async () => {
      await live.engine.handlers.shutdown(null)
      disk.unmount()
      await live.close()
    })

    const status = () => live.statuses.at(-1)
    const isFailing = () => status()?.disk?.failure !== undefined
    const received = () => status()?.connections[0]?.messagesIn ?? 0

    function send(messages: number): void {
      for (let n = 0; n < messages; n++) peer.send(Buffer.alloc(SIZE, n))
    }

    async function saved(): Promise<{ events: RealtimeEvent[]; withoutPayload: number | undefined }> {
      const path = join(tempDir(), 'saved.rtsession')
      const { withoutPayload } = await live.engine.handlers.save({ path, reveal: [] })
      const events: RealtimeEvent[] = []
      for await (const batch of (await openSession(path)).batches()) events.push(...batch.events)
      return { events, withoutPayload }
    }

    const marks = (events: readonly RealtimeEvent[]) =>
      events.flatMap((event) => (event.type === 'mark' ? [event.text] : []))
    const payloads = (events: readonly RealtimeEvent[]) =>
      events.flatMap((event) => (event.type === 'message' ? [event.dropped === undefined] : []))

    it('reports it in the status, the log and the session, keeps the newest payloads, and says on saving what is missing', async () => {
      await start('keepNewest')
      send(300)
      await live.until(() => isFailing() && received() === 300)
      assert.match(status()?.disk?.failure ?? '', FULL)
      assert.ok(live.log.some(({ level, message }) => level === 'error' && FULL.test(message)))
      const { events, withoutPayload } = await saved()
      const kept = payloads(events)
      assert.deepEqual([kept.length, kept.at(-1)], [300, true])
      assert.equal(withoutPayload, kept.filter((each) => !each).length)
      assert.equal(withoutPayload, status()?.disk?.lostPayloads)
      assert.ok((withoutPayload ?? 0) > 100)
      assert.equal(marks(events).length, 1)
      assert.match(marks(events)[0] ?? '', FULL)
      disk.resize(64)
      await live.until(() => !isFailing())
      assert.match(
        marks((await saved()).events).at(-1) ?? '',
        /^The disk works again\. Payloads lost so far: \d+\.$/,
      )
    })

    it('pauses reading until there is space, and loses nothing', async () => {
      // What has already been received when reading pauses must fit into memory.
      await start('pause', 1 << 24)
      send(1000)
      await live.until(() => isFailing() && status()?.connections[0]?.stalled === true)
      disk.resize(256)
      await live.until(() => received() === 1000)
      assert.equal(status()?.disk, undefined)
      const { events, withoutPayload } = await saved()
      assert.equal(withoutPayload, undefined)
      assert.equal(payloads(events).filter(Boolean).length, 1000)
      assert.match(marks(events)[0] ?? '', /Reading is paused until then\.$/)
    })

    it('closes every connection', async () => {
      await start('disconnect')
      const closed = once(peer, 'close')
      send(300)
      await closed
      await live.until(() => status()?.connections[0]?.state === 'closed')
      assert.match(marks((await saved()).events)[0] ?? '', /Every connection is closed\.$/)
    })
  })
