import assert from 'node:assert/strict'
import type { Memento } from 'vscode'
import { RememberedConnections } from '../../src/vscode/session/remembered-connections.ts'
import { SECRETIVE } from '../support/secretive-spec.ts'

/** A memento that stores JSON, like VS Code's. */
class Stored implements Memento {
  readonly data = new Map<string, string>()
  keys = () => [...this.data.keys()]
  get<T>(key: string, otherwise?: T): T | undefined {
    const value = this.data.get(key)
    return value === undefined ? otherwise : JSON.parse(value)
  }
  async update(key: string, value: unknown): Promise<void> {
    this.data.set(key, JSON.stringify(value))
  }
  everything = () => [...this.data.values()].join('\n')
}

const SECRETS = ['hunter2', 's3cr3t', 'tok-123', 'PRIVATE-KEY', 'prompt-text', 'proxy-pass', 'sub-token']

function newConnections() {
  const global = new Stored()
  const workspace = new Stored()
  return { global, workspace, remembered: new RememberedConnections(global, workspace) }
}

describe('remembered connections', () => {
  it('have no secrets', async () => {
    const { remembered, global, workspace } = newConnections()
    await remembered.opened(1, SECRETIVE)
    const kept = `${global.everything()}\n${workspace.everything()}`
    assert.match(kept, /example\.com\/events/)
    for (const secret of SECRETS) assert.ok(!kept.includes(secret), `${secret} is in ${kept}`)
  })

  it('are listed once each, the most recent first, at most twenty', async () => {
    const { remembered } = newConnections()
    for (let n = 0; n < 25; n++) await remembered.opened(n + 1, { url: `ws://h/${n}` })
    await remembered.opened(26, { url: 'ws://h/20' })
    const urls = remembered.recents().map(({ url }) => url)
    assert.equal(urls.length, 20)
    assert.deepEqual(urls.slice(0, 3), ['ws://h/20', 'ws://h/24', 'ws://h/23'])
    assert.equal(urls.filter((url) => url === 'ws://h/20').length, 1)
  })

  it('can be forgotten', async () => {
    const { remembered } = newConnections()
    await remembered.opened(1, { url: 'ws://h/a' })
    await remembered.opened(2, { url: 'ws://h/b' })
    const [, second] = remembered.recents()
    assert.ok(second)
    await remembered.forgetRecent(second)
    assert.deepEqual(remembered.recents(), [{ url: 'ws://h/b' }])
  })

  it('skip invalid stored values', () => {
    const { global, remembered } = newConnections()
    void global.update('recentConnections', [{ url: 5 }, null, { url: 'ws://h/' }, { url: 'nonsense' }])
    assert.deepEqual(remembered.recents(), [{ url: 'ws://h/' }])
  })

  it('are offered after a reload if they were open', async () => {
    const { remembered, global, workspace } = newConnections()
    await remembered.opened(1, { url: 'ws://h/ended' })
    await remembered.opened(2, { url: 'ws://h/open' })
    await remembered.setLive(new Set([2]))
    assert.deepEqual(remembered.reopenable(), [])
    const reloaded = new RememberedConnections(global, workspace)
    assert.deepEqual(reloaded.reopenable(), [{ url: 'ws://h/open' }])
    const again = new RememberedConnections(global, workspace)
    assert.deepEqual(again.reopenable(), [{ url: 'ws://h/open' }], 'a second reload loses nothing')
    const [spec] = reloaded.reopenable()
    await reloaded.settleReopenable(spec)
    assert.deepEqual(new RememberedConnections(global, workspace).reopenable(), [])
  })

  it('are offered with the decoder that the user chose', async () => {
    const { remembered, global, workspace } = newConnections()
    await remembered.opened(1, { url: 'ws://h/open' })
    await remembered.decodedBy(1, 'mqtt')
    const reloaded = () => new RememberedConnections(global, workspace).reopenable()
    assert.deepEqual(reloaded(), [{ url: 'ws://h/open', decoder: 'mqtt' }])
    assert.deepEqual(remembered.recents(), reloaded())
    await remembered.decodedBy(1, null)
    assert.deepEqual(reloaded(), [{ url: 'ws://h/open' }])
    assert.deepEqual(remembered.recents(), reloaded())
    await remembered.forgetRecent({ url: 'ws://h/open' })
    await remembered.decodedBy(1, 'json')
    assert.deepEqual(remembered.recents(), [])
    await remembered.decodedBy(1, null)
    await remembered.decodedBy(2, 'mqtt')
    assert.deepEqual(reloaded(), [{ url: 'ws://h/open' }])
  })

  it('count as open again after a reconnect', async () => {
    const { remembered, global, workspace } = newConnections()
    await remembered.opened(1, { url: 'ws://h/' })
    await remembered.setLive(new Set())
    await remembered.setLive(new Set([1]))
    assert.deepEqual(new RememberedConnections(global, workspace).reopenable(), [{ url: 'ws://h/' }])
  })

  it('are offered with a reason after the engine has stopped, and replace earlier ones', async () => {
    const { remembered: before, global, workspace } = newConnections()
    await before.opened(1, { url: 'ws://h/old' })
    const remembered = new RememberedConnections(global, workspace)
    assert.deepEqual(remembered.offered, { urls: ['ws://h/old'] })
    let changes = 0
    remembered.onReopenable(() => changes++)
    await remembered.opened(1, { url: 'ws://h/a' })
    await remembered.opened(2, { url: 'ws://h/ended' })
    await remembered.setLive(new Set([1]))
    await remembered.lost('The engine stopped.')
    assert.deepEqual(remembered.reopenable(), [{ url: 'ws://h/a' }])
    assert.deepEqual(remembered.offered, { urls: ['ws://h/a'], why: 'The engine stopped.' })
    assert.equal(changes, 1)
    assert.deepEqual(new RememberedConnections(global, workspace).reopenable(), [{ url: 'ws://h/a' }])
    await remembered.lost('It stopped again, with nothing open.')
    assert.deepEqual(remembered.offered, { urls: ['ws://h/a'], why: 'The engine stopped.' })
  })
})
