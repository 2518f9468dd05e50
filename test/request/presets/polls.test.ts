/** Presets of long polling: what resumes them, what an empty answer is, and what happens if the connection is cut. */
import assert from 'node:assert/strict'
import { type Nchan, startNchan } from '../../independent/nginx.ts'
import { Consul } from '../../support/stand-ins/consul.ts'
import { CouchDb } from '../../support/stand-ins/couchdb.ts'
import { Matrix } from '../../support/stand-ins/matrix.ts'
import { Telegram } from '../../support/stand-ins/telegram.ts'
import { PresetRun } from './preset-run.ts'

describe('presets of long polling', () => {
  let run: PresetRun

  beforeEach(() => {
    run = new PresetRun()
  })
  afterEach(() => run.close())

  const empties = async () => (await run.of('response')).map(({ empty }) => empty)

  it('continue after the index of Consul, and start over if it falls', async () => {
    const consul = await new Consul().serve()
    await run.start('consul', { consul: consul.url })
    assert.deepEqual(await consul.query(1), { passing: 'true', wait: '5m' })
    assert.equal((await consul.query(2)).index, '10')
    consul.change()
    assert.equal((await consul.query(3)).index, '11')
    consul.expire()
    assert.equal((await consul.query(4)).index, '11')
    consul.cut()
    assert.equal((await consul.query(5)).index, '11')
    consul.restore(4)
    consul.expire()
    assert.equal((await consul.query(6)).index, undefined)
    assert.equal((await consul.query(7)).index, '4')
    assert.deepEqual(await empties(), [false, false, true, false, false])
  })

  it('continue after last_seq of CouchDB, whatever blank lines come before the answer', async () => {
    const couch = await new CouchDb().serve()
    await run.start('couchdb', { couchdb: couch.url })
    assert.equal((await couch.query(1)).since, 'now')
    couch.beat()
    couch.change()
    assert.equal((await couch.query(2)).since, '4-g1AAAA')
    couch.expire()
    assert.equal((await couch.query(3)).since, '4-g1AAAA')
    couch.cut()
    assert.equal((await couch.query(4)).since, '4-g1AAAA')
    couch.change()
    await run.received(2)
    assert.deepEqual((await empties()).slice(0, 2), [false, true])
  })

  it('continue after next_batch of Matrix', async () => {
    const matrix = await new Matrix().serve()
    await run.start('matrix', { matrix: matrix.url })
    assert.deepEqual(await matrix.query(1), { timeout: '30000' })
    assert.equal((await matrix.query(2)).since, 's1_0')
    matrix.expire()
    assert.equal((await matrix.query(3)).since, 's1_0')
    matrix.change()
    assert.equal((await matrix.query(4)).since, 's2_0')
    matrix.cut()
    assert.equal((await matrix.query(5)).since, 's2_0')
    assert.deepEqual(await empties(), [false, true, false])
  })

  it('continue after the last update of Telegram, and end if another program polls', async () => {
    const telegram = await new Telegram().serve()
    await run.start('telegram', { telegram: telegram.url })
    assert.equal((await telegram.request(1)).url, '/botTELEGRAM_TOKEN/getUpdates?timeout=50')
    telegram.expire()
    assert.deepEqual(await telegram.query(2), { timeout: '50' })
    telegram.message()
    assert.equal((await telegram.query(3)).offset, '701')
    telegram.cut()
    assert.equal((await telegram.query(4)).offset, '701')
    telegram.message()
    await telegram.request(5)
    assert.deepEqual(await empties(), [true, false, false])
    await fetch(`${telegram.url}/botTELEGRAM_TOKEN/getUpdates`, { signal: AbortSignal.timeout(100) }).catch(
      () => {},
    )
    await run.until(({ state }) => state === 'failed')
    assert.match(run.status.error ?? '', /409.*Conflict: terminated by other getUpdates request/)
    const session = JSON.stringify(await run.events())
    assert(!session.includes('TELEGRAM_TOKEN'), 'the token is in the session')
  })

  describe('of Nchan', () => {
    let nchan: Nchan

    before(async () => {
      nchan = await startNchan()
    })
    after(() => nchan.stop())

    it('continue by Last-Modified and Etag, and take 408 for an empty answer', async () => {
      await nchan.publish('news', 'one')
      await run.start('nchan', { nchan: `http://${nchan.host}/impatient/news` })
      await run.received(1)
      await run.until(({ emptyResponses }) => emptyResponses > 0)
      await nchan.publish('news', 'two')
      await run.received(2)
      assert.deepEqual(await run.texts(), ['one', 'two'])
      const [, second] = await run.of('response')
      assert.deepEqual([second?.status, second?.empty], [408, true])
      const requests = (await run.of('request')).map(({ headers }) => Object.keys(headers ?? {}))
      for (const names of requests.slice(1))
        assert(['If-Modified-Since', 'If-None-Match'].every((name) => names.includes(name)))
    })
  })
})
