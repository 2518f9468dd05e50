/** The peer to which a recording is sent, and texts about it. */
import assert from 'node:assert/strict'
import type { Sender } from '../../src/shared/protocol/resending.ts'
import { outcomeOf, progressOf } from '../../src/vscode/resend/outcome.ts'
import { peerAt } from '../../src/vscode/resend/peer.ts'

const SENDER: Sender = {
  connection: 1,
  messages: 40,
  url: 'wss://***@example.com/feed?token=***',
  headers: { Authorization: '***', 'X-Room': '7', 'X-Key': ['a', '***'] },
  subprotocols: ['chat', '***'],
}

describe('the peer to which a recording is sent', () => {
  it('is the recorded one, with names of the secrets to ask for', () => {
    assert.deepEqual(peerAt('wss://***@example.com/feed?token=***', SENDER), {
      url: 'wss://***@example.com/feed?token=***',
      transport: 'websocket',
      headers: { Authorization: '***', 'X-Key': ['a', '***'] },
      subprotocols: ['chat', '***'],
    })
  })

  it('does not get secrets of another origin', () => {
    for (const url of ['wss://example.com:8443/feed', 'ws://example.com/feed', 'ws://localhost:8080/'])
      assert.deepEqual(peerAt(url, SENDER), { url, transport: 'websocket' })
  })

  it('has nothing to ask for if nothing was masked, or if the recording does not say how it connected', () => {
    const url = 'ws://localhost:8080/'
    const open = { ...SENDER, url, headers: { 'X-Room': '7' }, subprotocols: ['chat'] }
    assert.deepEqual(peerAt(url, open), { url, transport: 'websocket' })
    const unknown = { ...SENDER, url: undefined }
    assert.deepEqual(peerAt(url, unknown), { url, transport: 'websocket' })
    assert.deepEqual(peerAt(url, { ...SENDER, url: 'no URL at all' }), { url, transport: 'websocket' })
  })
})

describe('texts about a recording that is sent', () => {
  const now = { ticket: 1, id: 3, sent: 12, of: 40, answers: 11, expected: 39 }

  it('say how much was sent, and then how many answers are missing', () => {
    assert.equal(progressOf(now), '12 of 40 sent')
    assert.equal(progressOf({ ...now, sent: 40 }), 'all sent, 11 of 39 answers received')
  })

  it('say the outcome in a sentence', () => {
    const done = { ...now, sent: 40, cancelled: false }
    assert.equal(outcomeOf(done), 'Sent 40 messages; received 11. The recording has 39.')
    assert.equal(
      outcomeOf({ ...done, sent: 1, of: 1, answers: 1, expected: 1 }),
      'Sent 1 message; received 1, as many as in the recording.',
    )
    assert.equal(
      outcomeOf({ ...done, problems: ['Line 5 is not an event and was skipped.'] }),
      'Sent 40 messages; received 11. The recording has 39. Line 5 is not an event and was skipped.',
    )
    assert.equal(outcomeOf({ ...now, cancelled: true }), 'Canceled after 12 of 40 messages were sent.')
  })
})
