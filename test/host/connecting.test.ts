/** Secrets that are kept. */
import assert from 'node:assert/strict'
import { KeptSecrets } from '../../src/vscode/session/kept-secrets.ts'

function newKept() {
  const stored = new Map<string, string>()
  const kept = new KeptSecrets({
    get: async (key) => stored.get(key),
    store: async (key, value) => void stored.set(key, value),
    delete: async (key) => void stored.delete(key),
  })
  return { kept, stored }
}

describe('kept secrets', () => {
  const spec = { url: 'wss://h/chat?token=t1', headers: { Authorization: 'Bearer a1' } }
  const masked = { url: 'wss://h/chat?token=***', headers: { Authorization: '***' } }

  it('are found again by the connection without its secrets', async () => {
    const { kept } = newKept()
    assert.equal(await kept.of(masked), undefined)
    await kept.keep(spec)
    assert.deepEqual(await kept.of(masked), { token: ['t1'], Authorization: ['Bearer a1'] })
    assert.equal(await kept.of({ ...masked, transport: 'websocket' }), undefined)
    await kept.forget(masked)
    assert.equal(await kept.of(masked), undefined)
  })

  it('have no secret in their key, and ignore what another version stored', async () => {
    const { kept, stored } = newKept()
    await kept.keep(spec)
    const [key = ''] = [...stored.keys()]
    assert.ok(!key.includes('t1'), key)
    for (const other of ['nonsense', '[1]', '{"a":1}', 'null']) {
      stored.set(key, other)
      assert.equal(await kept.of(masked), undefined, other)
    }
  })
})
