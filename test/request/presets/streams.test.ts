/** Presets of streams: what resumes them after the connection is cut. */
import assert from 'node:assert/strict'
import { startEtcd } from '../../independent/etcd.ts'
import { CouchDb } from '../../support/stand-ins/couchdb.ts'
import { Docker } from '../../support/stand-ins/docker.ts'
import { HomeAssistantStream, Mercure } from '../../support/stand-ins/event-streams.ts'
import { Kubernetes } from '../../support/stand-ins/kubernetes.ts'
import { PresetRun } from './preset-run.ts'

describe('presets of streams', () => {
  let run: PresetRun

  beforeEach(() => {
    run = new PresetRun()
  })
  afterEach(() => run.close())

  it('continue after the last change of CouchDB', async () => {
    const couch = await new CouchDb().serve()
    await run.start('couchdb-continuous', { couchdb: couch.url })
    assert.equal((await couch.query(1)).since, 'now')
    couch.change()
    couch.beat()
    await run.received(1)
    couch.cut()
    assert.equal((await couch.query(2)).since, '4-g1AAAA')
    couch.change()
    await run.received(2)
    assert.deepEqual(
      (await run.texts()).map((text) => JSON.parse(text).seq),
      ['4-g1AAAA', '5-g1AAAA'],
    )
  })

  it('continue after the last version of Kubernetes, and list again if it is too old', async () => {
    const kubernetes = await new Kubernetes().serve()
    await run.start('kubernetes', { kubernetes: kubernetes.url })
    await run.received(1)
    kubernetes.change()
    await run.received(2)
    kubernetes.cut()
    assert.equal((await kubernetes.query(2)).resourceVersion, '101')
    kubernetes.bookmark()
    await run.received(3)
    kubernetes.end()
    assert.equal((await kubernetes.query(3)).resourceVersion, '111')
    kubernetes.change()
    await run.received(4)
    kubernetes.end({ isCompacted: true })
    assert.equal((await kubernetes.query(4)).resourceVersion, '112')
    assert.equal((await kubernetes.query(5)).resourceVersion, undefined)
    const gone = (await run.of('error')).filter(({ code }) => code === 'CURSOR_GONE')
    assert.equal(gone.length, 1)
  })

  it('continue in the second of the last event of Docker', async () => {
    const docker = await new Docker().serve()
    await run.start('docker-events', { docker: docker.url })
    await run.until(({ state }) => state === 'open')
    docker.event(1_764_417_600, 'start')
    await run.received(1)
    docker.cut()
    assert.equal((await docker.query(2)).since, '1764417600')
    docker.event(1_764_417_601, 'die')
    await run.received(3)
    assert.deepEqual(
      (await run.texts()).map((text) => JSON.parse(text).Action),
      ['start', 'start', 'die'],
    )
  })

  it('watch all keys of etcd', async () => {
    const etcd = await startEtcd()
    try {
      await run.start('etcd', { etcd: etcd.url })
      await run.received(1)
      await etcd.put('config', 'on')
      await run.received(2)
      const [created, event] = (await run.texts()).map((text) => JSON.parse(text).result)
      assert.equal(created.created, true)
      assert.equal(atob(event.events[0].kv.value), 'on')
    } finally {
      await etcd.stop()
    }
  })

  for (const announcesFrames of [true, false])
    it(`find the frames of Docker's logs ${announcesFrames ? 'by their type' : 'by the first frame'}`, async () => {
      const docker = await new Docker({ announcesFrames }).serve()
      await run.start('docker-logs', { docker: docker.url })
      await run.received(2)
      const [query, texts] = [await docker.query(1), await run.texts()]
      assert.deepEqual([query.follow, query.stdout, query.stderr], ['1', '1', '1'])
      assert.match(texts[0] ?? '', /Z listening\n$/)
      assert.match(texts[1] ?? '', /Z a warning\n$/)
    })

  it('continue after the last update of a Mercure hub', async () => {
    const mercure = await new Mercure().serve()
    await run.start('mercure', { mercure: `${mercure.url}/.well-known/mercure`, mercure_topic: 'a' })
    await run.until(({ state }) => state === 'open')
    mercure.publish('one')
    await run.received(1)
    mercure.cut()
    mercure.publish('missed')
    await run.received(2)
    assert.deepEqual(await mercure.query(2), { topic: 'a' })
    assert.equal((await mercure.request(2)).headers['last-event-id'], 'urn:uuid:0')
    assert.deepEqual(await run.texts(), ['one', 'missed'])
  })

  it('show the heartbeats of Home Assistant as messages', async () => {
    const home = await new HomeAssistantStream().serve()
    await run.start('home-assistant-stream', { home_assistant: home.url })
    await run.received(2)
    assert.equal((await run.texts())[0], 'ping')
    home.cut()
    await run.received(4)
    assert.equal((await home.request(2)).headers['last-event-id'], undefined)
  })
})
