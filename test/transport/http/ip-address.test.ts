/** What stands in for ip-address in the bundle does what the package does for socks. */
import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { Address4, Address6 } from '../../../scripts/ip-address.mjs'

const original = createRequire(createRequire(import.meta.url).resolve('socks'))('ip-address')

describe('the stand-in for ip-address', () => {
  it('reads addresses of IPv4', () => {
    for (const address of ['0.0.0.0', '127.0.0.1', '255.255.255.255', '10.2.30.4'])
      assert.deepEqual(new Address4(address).toArray(), new original.Address4(address).toArray())
  })

  it('reads and writes addresses of IPv6', () => {
    const addresses = [
      ...['::', '::1', '1::', 'fe80::1%eth0', '2001:DB8::a:0:0:b', '1:2:3:4:5:6:7:8', '1:0:0:2:0:0:0:3'],
      ...['::ffff:1.2.3.4', '64:ff9b::192.0.2.33', '0:0:0:0:0:0:0:0', 'ff02::fb', 'a:b:c:d:e:f:0:0'],
    ]
    for (const address of addresses) {
      const expected = new original.Address6(address)
      assert.equal(new Address6(address).canonicalForm(), expected.canonicalForm(), address)
      const bytes: number[] = expected.toUnsignedByteArray()
      const padded = [...Array<number>(16 - bytes.length).fill(0), ...bytes]
      assert.equal(Address6.fromByteArray(padded).canonicalForm(), expected.canonicalForm(), address)
    }
  })
})
