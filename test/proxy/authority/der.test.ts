import assert from 'node:assert/strict'
import {
  bitString,
  element,
  elementsIn,
  objectIdentifier,
  octetString,
  sequence,
  time,
  unsigned,
} from '../../../src/proxy/authority/der.ts'

describe('DER', () => {
  it('encodes values as X.690 says', () => {
    const hex = (bytes: Buffer) => bytes.toString('hex')
    assert.equal(hex(unsigned(Buffer.from([0]))), '020100')
    assert.equal(hex(unsigned(Buffer.from([0, 0, 0x7f]))), '02017f')
    assert.equal(hex(unsigned(Buffer.from([0x80, 0]))), '0203008000')
    assert.equal(hex(objectIdentifier('2.5.29.30')), '0603551d1e')
    assert.equal(hex(objectIdentifier('1.2.840.113549.1.1.11')), '06092a864886f70d01010b')
    assert.equal(hex(bitString(Buffer.from([6]), 1)), '03020106')
  })

  it('writes times in the type that certificates need for their year', () => {
    const text = (date: string) => time(new Date(date)).toString('latin1')
    assert.equal(text('2026-02-03T04:05:06.789Z'), '\x17\x0d260203040506Z')
    assert.equal(text('2049-12-31T23:59:59Z'), '\x17\x0d491231235959Z')
    assert.equal(text('2050-01-01T00:00:00Z'), '\x18\x0f20500101000000Z')
  })

  it('reads what it wrote, of any length', () => {
    for (const length of [0, 1, 127, 128, 255, 256, 65_535, 65_536]) {
      const inner = octetString(Buffer.alloc(length, 7))
      const [outer] = elementsIn(sequence([inner, unsigned(Buffer.from([1]))]))
      const [first, second, ...others] = elementsIn(outer?.contents ?? Buffer.alloc(0))
      assert.deepEqual([first?.contents.length, first?.bytes.equals(inner)], [length, true])
      assert.deepEqual([second?.tag, others.length], [0x02, 0])
    }
  })

  it('refuses what ends early, has no definite length, or has a long tag', () => {
    const whole = sequence([octetString(Buffer.alloc(200))])
    for (let length = 1; length < whole.length; length++)
      assert.throws(() => elementsIn(whole.subarray(0, length)), TypeError, `${length} bytes`)
    for (const bytes of ['3080', '3085000000000100', '1f8101', '30ffffff'])
      assert.throws(() => elementsIn(Buffer.from(bytes, 'hex')), TypeError, bytes)
    assert.deepEqual(elementsIn(Buffer.alloc(0)), [])
    assert.equal(element(0x30, []).toString('hex'), '3000')
  })
})
