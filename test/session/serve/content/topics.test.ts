import assert from 'node:assert/strict'
import { covers } from '../../../../src/session/serve/content/topics.ts'

describe('the topics of a subscription', () => {
  it('are those that its filters name, with wildcards', () => {
    assert.ok(covers('chat', 'chat'))
    assert.ok(covers('other, sensors/+/temp', 'sensors/kitchen/temp'))
    assert.ok(covers('sensors/#', 'sensors/kitchen/temp'))
    assert.ok(covers('sensors/#', 'sensors'))
    assert.ok(covers('#', 'a/b'))
  })

  it('do not include others', () => {
    assert.ok(!covers('chat', 'chat/a'))
    assert.ok(!covers('sensors/+', 'sensors/kitchen/temp'))
    assert.ok(!covers('sensors/+/temp', 'sensors/kitchen'))
    assert.ok(!covers('sensors/#', 'sensor'))
  })
})
