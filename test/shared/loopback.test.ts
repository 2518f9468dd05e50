import assert from 'node:assert/strict'
import { isLoopback } from '../../src/shared/loopback.ts'

describe('this machine', () => {
  it('has the addresses of loopback and the names of RFC 6761, as URLs and sockets write them', () => {
    for (const host of [
      ...['localhost', 'LOCALHOST', 'app.localhost', 'localhost.', '127.0.0.1', '127.8.9.10'],
      ...['::1', '[::1]', '0:0:0:0:0:0:0:1', '::ffff:127.0.0.1', '[::ffff:7f00:1]'],
    ])
      assert.ok(isLoopback(host), host)
  })

  it('does not have names that only look like these, nor addresses of the network', () => {
    for (const host of [
      ...['', 'localhost.example', '127.0.0.1.example', 'notlocalhost', '0.0.0.0', '::', '10.0.0.1', '[::2]'],
      ...['user@localhost', 'localhost/x', 'localhost#x', '[localhost]x', '::ffff:10.0.0.1', '128.0.0.1'],
    ])
      assert.ok(!isLoopback(host), host)
  })
})
